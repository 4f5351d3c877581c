// What pages do beside links, forms and htmx: keep what is being typed, move the focus to what was
// said, keys of the inbox, and a word when the connection is lost. Without it every page works.

const closest = (event, selector) => event.target.closest?.(selector) ?? null;

// A part that is drawn anew leaves a form alone once somebody has typed into it. A form that is not
// there any more is set aside with what was typed. What a proxy says in our place is not drawn.
document.addEventListener("input", (event) => closest(event, "form")?.setAttribute("data-typed", ""));
let typed = [];
document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx.response?.status >= 400) return event.preventDefault();
  typed = [...document.querySelectorAll("form[data-typed]")];
});
document.addEventListener("htmx:after:swap", () => {
  const aside = document.querySelector("[data-set-aside]");
  for (const form of typed.filter((one) => !one.isConnected && aside)) {
    form.removeAttribute("id");
    aside.hidden = false;
    aside.append(form);
  }
  typed = [];
});

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
// came about is tried again from here, and none for whom nobody is signed in any more.
const lost = document.querySelector("[data-lost]");
const RETRY_MS = 2000;
const UNAUTHENTICATED = 401;
let isSignedOut = false;
const sayLost = (is) => lost && (lost.hidden = !is || isSignedOut);

function signedOut() {
  isSignedOut = true;
  sayLost(false);
  const note = document.querySelector("[data-signed-out]");
  if (note) note.hidden = false;
}

function tryAgain(part, status) {
  if (status === UNAUTHENTICATED) return signedOut();
  if (part.id === "stream") sayLost(true);
  else sayNotDrawn(true);
  setTimeout(() => htmx.trigger(part, "again"), RETRY_MS);
}
document.addEventListener("htmx:sse:error", (event) => (event.detail.status === UNAUTHENTICATED ? signedOut() : sayLost(true)));
document.addEventListener("htmx:sse:before:connection", (event) => isSignedOut && event.preventDefault());
document.addEventListener("htmx:sse:after:connection", () => sayLost(false));
document.addEventListener("htmx:error", (event) => tryAgain(event.target));
document.addEventListener("htmx:response:error", (event) => tryAgain(event.target, event.detail.ctx.response.status));
document.addEventListener("signed-out", signedOut);

// A part that the server did not draw anew; once it draws it again, that speaks for itself.
const notDrawn = document.querySelector("[data-not-drawn]");
const sayNotDrawn = (is) => notDrawn && (notDrawn.hidden = !is);
document.addEventListener("not-drawn", () => sayNotDrawn(true));
document.addEventListener("htmx:after:swap", () => sayNotDrawn(false));

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
