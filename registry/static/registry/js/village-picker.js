// Turns one long list of villages, grouped by town, into two short ones. The form sends what it sent before.
for (const box of document.querySelectorAll("[data-village-picker]")) {
  const villages = box.querySelector("select");
  const groups = new Map([...villages.querySelectorAll("optgroup")].map((group) => [group.label, group]));
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  label.htmlFor = "village-picker-town";
  label.textContent = box.dataset.townLabel;
  const towns = document.createElement("select");
  towns.id = "village-picker-town";
  towns.append(new Option(box.dataset.townChoose, ""), ...[...groups.keys()].map((town) => new Option(town, town)));
  field.append(label, towns);

  const chosen = villages.selectedOptions[0]?.closest("optgroup");
  const show = (town) => {
    for (const group of groups.values()) group.remove();
    if (groups.has(town)) villages.append(groups.get(town));
    villages.disabled = town === "";
  };
  towns.value = chosen?.label ?? "";
  const value = villages.value;
  show(towns.value);
  villages.value = value;
  towns.addEventListener("change", () => {
    show(towns.value);
    villages.value = "";
  });
  box.prepend(field);
}
