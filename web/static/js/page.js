// What pages do beside links, forms and htmx: keep what is being typed, move the focus to what was
// said, keys of the inbox, and a word when the connection is lost. Without it every page works.

const closest = (event, selector) => event.target.closest?.(selector) ?? null;

// A part that is drawn anew leaves a form alone once somebody has typed into it.
document.addEventListener("input", (event) => closest(event, "form")?.setAttribute("data-typed", ""));

// A double click sends once; going back makes the buttons work again.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent !== undefined) return event.preventDefault();
  event.target.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

// Only the fields that go with what is chosen are shown, and sent.
function showChosen(choice) {
  for (const label of choice.form.querySelectorAll("[data-for]")) {
    label.hidden = label.dataset.for !== choice.value;
    label.querySelector("input, select").disabled = label.hidden;
  }
}
for (const choice of document.querySelectorAll("[data-chooses]")) showChosen(choice);
document.addEventListener("change", (event) => {
  const choice = closest(event, "[data-chooses]");
  if (choice) showChosen(choice);
});

document.querySelector("[data-focus]")?.focus();

// The connection that tells of what others do. htmx takes it up again once it stood; one that never
// came about is tried again from here.
const lost = document.querySelector("[data-lost]");
const RETRY_MS = 2000;
const isStream = (event) => event.target.id === "stream";
const sayLost = (is) => lost && (lost.hidden = !is);
document.addEventListener("htmx:sse:error", () => sayLost(true));
document.addEventListener("htmx:sse:after:connection", () => sayLost(false));
document.addEventListener("htmx:error", (event) => {
  if (!isStream(event)) return;
  sayLost(true);
  setTimeout(() => htmx.trigger(event.target, "again"), RETRY_MS);
});

// What the server says of a part that it did not draw anew; one that it draws again speaks for itself.
function sayThat(what, is = true) {
  const note = document.querySelector(`[data-${what}]`);
  if (note) note.hidden = !is;
}
for (const what of ["signed-out", "not-drawn"]) document.addEventListener(what, () => sayThat(what));
document.addEventListener("htmx:after:swap", () => sayThat("not-drawn", false));

const cards = () => [...document.querySelectorAll("[data-card]")];
const current = () => document.activeElement.closest?.("[data-card]");

function step(by) {
  const all = cards();
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function open(act) {
  const place = current() ?? document.getElementById("acts");
  const answers = place?.querySelector("details[data-open]");
  if (answers) answers.open = true;
  const more = place?.querySelector(`details[data-shortcut="${act}"]`);
  if (more) more.open = true;
  const form = place?.querySelector(`form[data-act="${act}"]`);
  form?.querySelector("textarea, input:not([type=hidden]), button")?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => current()?.querySelector("summary, a[role=button]")?.click(),
  s: () => {
    open("sign");
    (current() ?? document).querySelector('form[data-act="sign"] button')?.focus();
  },
  c: () => open("counter"),
  d: () => open("decline"),
  a: () => open("ask"),
  "?": () => document.querySelector("details.help")?.toggleAttribute("open"),
};
document.addEventListener("keydown", (event) => {
  const typing = closest(event, "input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
