/* Starts Wagtail's widgets where cms/wagtail_patches.py left an element instead of an inline script. */
(() => {
  const functions = ["initDateChooser", "initTimeChooser", "initDateTimeChooser", "createTaskChooser"];
  const constructors = /^[A-Z][A-Za-z]*(Chooser|Panel)$/;

  const start = (element) => {
    const name = element.dataset.adminInit;
    const options = element.dataset.options ? [JSON.parse(element.dataset.options)] : [];
    const id = element.dataset.for ?? element.id;
    element.removeAttribute("data-admin-init");
    if (functions.includes(name)) window[name](id, ...options);
    else if (constructors.test(name)) new window[name](...(id ? [id] : []), ...options);
  };

  const startIn = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches("[data-admin-init]")) start(node);
    node.querySelectorAll("[data-admin-init]").forEach(start);
  };

  // Dialogs and added rows come later.
  const watch = new MutationObserver((changes) =>
    changes.forEach((change) => change.addedNodes.forEach((node) => node.isConnected && startIn(node))),
  );
  document.addEventListener("DOMContentLoaded", () => {
    startIn(document.body);
    watch.observe(document.body, { childList: true, subtree: true });
  });
})();
