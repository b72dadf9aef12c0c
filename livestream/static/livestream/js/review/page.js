// A review page with JavaScript: times play in place, the remark on now is marked, the form takes the player's time,
// voice notes are recorded on the page. Without it the same links and forms work by themselves.
import { setUpVoice } from "./voice.js";

const REMARK_SHOWN_FOR = 6; // seconds after its moment
const players = new Map([...document.querySelectorAll("[data-clip]")].map((each) => [each.dataset.clip, each]));
const main = players.get("player") || players.get("now");

function play(player, seconds) {
  const go = () => {
    player.currentTime = seconds;
    player.play().catch(() => {});
  };
  if (player.readyState > 0) go();
  else {
    player.addEventListener("loadedmetadata", go, { once: true });
    player.load();
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek]");
  if (!link) return;
  const player = players.get(link.dataset.seekIn) || main;
  if (!player) return;
  event.preventDefault();
  for (const other of players.values()) if (other !== player) other.pause();
  play(player, Number(link.dataset.seek));
  const target = link.getAttribute("href");
  if (target?.startsWith("#remark-")) document.querySelector(target)?.scrollIntoView({ block: "nearest" });
});

const remarks = [...document.querySelectorAll("[data-remark-at]")];
main?.addEventListener("timeupdate", () => {
  for (const remark of remarks) {
    const since = main.currentTime - Number(remark.dataset.remarkAt);
    remark.classList.toggle("remark--now", since >= -2 && since < REMARK_SHOWN_FOR && !main.paused);
  }
});

const form = document.querySelector("[data-remark-form]");
if (form && main) {
  const takeTime = () => {
    const at = Math.floor(main.currentTime);
    form.elements.minutes.value = Math.floor(at / 60);
    form.elements.seconds.value = at % 60;
  };
  form.querySelectorAll("[data-needs-script]").forEach((each) => { each.hidden = false; });
  form.querySelector("[data-take-time]").addEventListener("click", takeTime);
  main.addEventListener("pause", takeTime);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "r") return;
    event.preventDefault();
    main.pause();
    takeTime();
    form.elements.text.focus();
  });
}
document.querySelectorAll("[data-voice]").forEach((each) => setUpVoice(each, each.closest("form")));

// An address opens for minutes, reviewing takes longer: a fresh one is put in before it ends, at the same second.
async function renew(player) {
  try {
    const answer = await fetch(player.dataset.link, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { base, seconds } = await answer.json();
    const [at, wasPlaying] = [player.currentTime, !player.paused];
    player.src = player.getAttribute("src").replace(player.dataset.base, base);
    player.dataset.base = base;
    player.addEventListener("loadedmetadata", () => {
      player.currentTime = at;
      if (wasPlaying) player.play().catch(() => {});
    }, { once: true });
    keepFresh(player, seconds);
  } catch {
    setTimeout(() => renew(player), 5000);
  }
}

function keepFresh(player, seconds) {
  clearTimeout(player.renewing);
  player.renewing = setTimeout(() => renew(player), Math.max(30, seconds - 60) * 1000);
}

for (const player of players.values()) {
  keepFresh(player, Number(player.dataset.seconds));
  player.addEventListener("error", () => { if (player.error?.code === MediaError.MEDIA_ERR_NETWORK) renew(player); });
}
