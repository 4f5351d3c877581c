// The replay player: plays the moments of a run, which the server draws, some at a time. Without it
// the links and the jump form do the same a page at a time.

const player = document.querySelector("[data-player]");
const part = (name) => player.querySelector(`[data-${name}]`);
const last = Number(player?.dataset.last);
const from = player?.dataset.from;
const BATCH = 20;
const SECOND = 1000;
const batches = new Map();
let timer = 0;
let wanted = 0;

const current = () => Number(player.querySelector(".moment").dataset.seq);
const bounded = (seq) => Math.min(Math.max(seq || 1, 1), last);
const startOf = (seq) => seq - ((seq - 1) % BATCH);

// A request for a document parses no string into the page, and runs nothing.
function batch(start) {
  if (batches.has(start)) return batches.get(start);
  const asked = new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", `${from}/moments?start=${start}`);
    request.responseType = "document";
    request.onload = () => {
      const found = request.status === 200 ? [...(request.response?.querySelectorAll(".moment") ?? [])] : [];
      if (found.length) resolve(new Map(found.map((one) => [Number(one.dataset.seq), one])));
      else reject(new Error(`moments: ${request.status}`));
    };
    request.onerror = () => reject(new Error("moments: no answer"));
    request.send();
  });
  batches.set(start, asked);
  asked.catch(() => batches.delete(start));
  return asked;
}

async function show(seq, { isPlaying = false } = {}) {
  wanted = bounded(seq);
  const target = wanted;
  let found;
  try {
    found = (await batch(startOf(target))).get(target);
  } catch {
    location.assign(`${from}?at=${target}`); // The page itself says what is the matter.
    return;
  }
  if (target !== wanted || !found) return;
  const kept = document.activeElement?.closest?.("[data-go]") && player.contains(document.activeElement);
  player.querySelector(".moment").replaceWith(document.importNode(found, true));
  if (kept) player.querySelector(`[data-go="${target}"]`)?.focus();
  place(target, found.dataset.words, isPlaying);
  const next = startOf(target) + BATCH;
  if (target - startOf(target) > BATCH / 2 && next <= last) batch(next).catch(() => {});
}

function place(seq, words, isPlaying) {
  const slider = part("slider");
  slider.value = seq;
  slider.setAttribute("aria-valuetext", `#${seq} ${words}`);
  part("number").value = seq;
  part("previous").href = `${from}?at=${bounded(seq - 1)}`;
  part("next").href = `${from}?at=${bounded(seq + 1)}`;
  history.replaceState(null, "", `${from}?at=${seq}`);
  if (!isPlaying) part("say").textContent = `#${seq} ${words}`;
}

function pause() {
  clearTimeout(timer);
  timer = 0;
  label(false);
}

function label(isPlaying) {
  const button = part("play");
  button.firstChild.textContent = isPlaying ? "‖ " : "▶ ";
  button.querySelector("span").textContent = isPlaying ? button.dataset.pauseLabel : button.dataset.playLabel;
}

async function tick() {
  const at = current();
  if (at >= last) return pause();
  await show(at + 1, { isPlaying: true });
  if (timer) timer = setTimeout(tick, SECOND / Number(part("speed").value));
}

function toggle() {
  if (timer) {
    pause();
    part("say").textContent = `#${current()}`;
    return;
  }
  label(true);
  timer = setTimeout(current() >= last ? again : tick, 0);
}

async function again() {
  await show(1, { isPlaying: true });
  if (timer) timer = setTimeout(tick, SECOND / Number(part("speed").value));
}

function go(seq) {
  pause();
  show(seq);
}

const KEYS = {
  ArrowLeft: () => go(current() - 1),
  ArrowRight: () => go(current() + 1),
  Home: () => go(1),
  End: () => go(last),
  " ": toggle,
};

function start() {
  part("controls").hidden = false;
  part("keys").hidden = false;
  part("play").addEventListener("click", toggle);
  part("slider").addEventListener("input", (event) => go(Number(event.target.value)));
  const ends = { first: () => 1, previous: () => current() - 1, next: () => current() + 1, final: () => last };
  for (const [name, where] of Object.entries(ends)) {
    part(name).addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(where());
    });
  }
  part("jump").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    go(Number(part("number").value));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(Number(link.dataset.go));
    if (!player.contains(link)) player.scrollIntoView({ block: "start" });
  });
  document.addEventListener("keydown", (event) => {
    const taken = event.key === " " ? "a, button, input, select, textarea, summary" : "input, select, textarea";
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(taken)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

if (player) start();
