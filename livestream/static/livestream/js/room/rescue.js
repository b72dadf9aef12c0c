// When a rehearsal takes no more: what is left here can be saved as files, and then thrown away.

export async function offerFiles(list, store, session) {
  const items = [];
  for (const { part, mime, chunks, sentChunks } of await store.parts(session)) {
    if (chunks === sentChunks) continue;
    const blob = new Blob(await store.bytesOf(session, part), { type: mime.split(";")[0] });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `rehearsal-${part + 1}.${mime.includes("mp4") ? "mp4" : "webm"}`;
    link.textContent = `${link.download} · ${(blob.size / 1_000_000).toFixed(1)} MB`;
    const item = document.createElement("li");
    item.append(link);
    items.push(item);
  }
  list.replaceChildren(...items);
}
