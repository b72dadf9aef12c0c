// Numbers of parts on this page: camera and file draw from the same row.

let next = 0;

export function startAt(number) {
  next = Math.max(next, number);
}

export function takeNumber() {
  next += 1;
  return next - 1;
}
