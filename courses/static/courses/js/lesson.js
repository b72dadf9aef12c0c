// A lesson page with JavaScript: photos are made smaller and sent through a bad connection; a video changes its size.
// Without JavaScript the same forms and links work by themselves.

const LONGEST_SIDE = 1600;
const SMALL_ENOUGH = 400 * 1024;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const TRIES = 12;

async function smaller(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // A format this browser cannot open; the server can.
  }
}

function post(form, body, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.timeout = 10 * 60 * 1000;
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total));
    request.addEventListener("load", () => {
      if (request.status >= 500 || request.status === 429) reject(new Error("busy"));
      else resolve({ ok: request.status < 400, ...(request.response || {}) });
    });
    for (const kind of ["error", "timeout", "abort"]) request.addEventListener(kind, () => reject(new Error(kind)));
    request.send(body);
  });
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
  });
}

class Upload {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.list = form.querySelector("[data-upload-files]");
    this.status = form.querySelector("[data-upload-status]");
    this.button = form.querySelector("button:not([type=button])");
    this.entries = [];
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  say(text, kind = "") {
    this.status.textContent = text;
    this.status.className = `notice ${kind && `notice--${kind}`}`;
    this.status.hidden = !text;
  }

  // Photos taken one after another add up; the field itself would forget the one before.
  add(files) {
    if (this.isSending) return;
    if (!this.input.multiple) this.entries.slice().forEach((entry) => this.remove(entry));
    for (const file of files) this.entries.push(this.show(file));
    this.input.value = "";
    this.marks();
    this.say("");
  }

  // The emptied field would say "no file chosen" above the photos that are.
  marks() {
    this.input.required = this.entries.length === 0;
    this.input.classList.toggle("files-below", this.entries.length > 0);
  }

  show(file) {
    const item = document.createElement("li");
    const entry = { file, item, bar: document.createElement("progress") };
    if (file.type.startsWith("image/")) {
      const picture = document.createElement("img");
      picture.alt = file.name;
      picture.src = URL.createObjectURL(file);
      item.append(picture);
    } else {
      item.append(file.name);
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button--quiet";
    remove.textContent = this.form.dataset.textRemove;
    remove.setAttribute("aria-label", `${remove.textContent} ${file.name}`);
    remove.addEventListener("click", () => this.remove(entry));
    entry.bar.max = 1;
    entry.bar.value = 0;
    entry.bar.hidden = true;
    entry.bar.setAttribute("aria-label", file.name);
    item.append(entry.bar, remove);
    this.list.append(item);
    return entry;
  }

  remove(entry) {
    if (this.isSending) return;
    const picture = entry.item.querySelector("img");
    if (picture) URL.revokeObjectURL(picture.src);
    entry.item.remove();
    this.entries = this.entries.filter((each) => each !== entry);
    this.marks();
  }

  // Bytes leave in the order of the files, so each file's own bar can be worked out.
  progress(loaded, total) {
    const sum = this.entries.reduce((bytes, entry) => bytes + entry.small.size, 0);
    let sent = Math.max(0, loaded - (total - sum));
    for (const entry of this.entries) {
      entry.bar.value = Math.min(1, sent / entry.small.size);
      sent = Math.max(0, sent - entry.small.size);
    }
  }

  isRefusable() {
    const { maxFiles, minFiles, textTooMany, textTooFew } = this.form.dataset;
    const count = this.entries.length;
    if (count > Number(maxFiles)) this.say(textTooMany, "warning");
    else if (count < Number(minFiles)) this.say(textTooFew, "warning");
    else return false;
    return true;
  }

  async send() {
    if (this.isSending || this.isRefusable()) return;
    this.lock(true);
    this.say(this.form.dataset.textPreparing);
    const body = new FormData(this.form);
    body.delete("files");
    for (const entry of this.entries) {
      entry.small = entry.small || (await smaller(entry.file));
      entry.bar.hidden = false;
      body.append("files", entry.small, entry.small.name);
    }
    const answer = await this.untilSent(body);
    if (answer.ok && answer.url) {
      const url = new URL(answer.url, location.href);
      const isHere = url.pathname === location.pathname && url.search === location.search;
      location.assign(url);
      if (isHere) location.reload();
      return;
    }
    this.lock(false);
    this.say(answer.error || this.form.dataset.textFailed, "error");
  }

  // The form's token makes the server take a repeated send for the same one.
  async untilSent(body) {
    let wait = FIRST_WAIT;
    for (let count = 0; count < TRIES; count += 1) {
      this.say(this.form.dataset.textSending);
      try {
        return await post(this.form, body, (loaded, total) => this.progress(loaded, total));
      } catch {
        this.say(this.form.dataset.textWaiting, "warning");
        await pause(wait);
        wait = Math.min(LONGEST_WAIT, wait * 2);
      }
    }
    return { ok: false };
  }

  lock(isSending) {
    this.isSending = isSending;
    this.button.disabled = isSending;
    this.input.disabled = isSending;
    for (const remove of this.list.querySelectorAll("button")) remove.hidden = isSending;
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) new Upload(form);

for (const link of document.querySelectorAll("a[data-video-source]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const video = link.closest(".video").querySelector("video");
    const at = video.currentTime;
    video.src = link.href;
    video.currentTime = at;
    video.play();
  });
}
