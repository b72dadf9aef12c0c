// Finds the QR code in a photo: the browser's own reader where it has one, else the one the page names.
const LARGEST = 1600;

/** Return the text of the code in a picture file, or null. */
export async function textInPhoto(file, reader) {
  const bitmap = await createImageBitmap(file);
  if ("BarcodeDetector" in window) {
    const [found] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(bitmap).catch(() => []);
    if (found) return found.rawValue;
  }
  return reader ? readByScript(bitmap, reader) : null;
}

async function readByScript(bitmap, address) {
  await import(address);
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width * scale, bitmap.height * scale];
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return self.jsQR(data, width, height)?.data ?? null;
}
