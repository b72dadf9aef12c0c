// Fetches the next code well before the one on the wall is over.
const picture = document.querySelector("[data-wall-code]");
const seconds = Number(picture.dataset.wallCode);
const address = picture.src;
let round = 0;

setInterval(() => {
  round += 1;
  picture.src = `${address}?${round}`;
}, (seconds / 3) * 1000);
