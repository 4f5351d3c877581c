// The form of a launch while somebody fills it in: what is wrong stands at its field, and another
// offer, resource or step is there at once. Nothing that is typed, and no focus, is ever moved.

const form = document.getElementById("plan");
const visited = new Set();

const fields = () => form.querySelectorAll("input[name]:not([type=hidden]), textarea[name], select[name]");

form?.addEventListener("focusout", (event) => {
  visited.add(event.target.name);
  mark();
});

// An empty field that nobody has come to yet is not wrong, only empty.
function mark() {
  const wrong = new Map([...document.querySelectorAll("#checked [data-wrong]")].map((one) => [one.dataset.wrong, one.textContent]));
  for (const field of fields()) {
    const text = field.value || visited.has(field.name) ? wrong.get(field.name) : undefined;
    say(field, text);
  }
}

function say(field, text) {
  const label = field.closest("label");
  const said = label.querySelector("small.wrong");
  if (text === undefined) {
    said?.remove();
    return field.removeAttribute("aria-invalid");
  }
  field.setAttribute("aria-invalid", "true");
  const place = said ?? label.appendChild(Object.assign(document.createElement("small"), { className: "wrong" }));
  if (place.textContent !== text) place.textContent = text;
}

// Where nothing is checked while one types, what was wrong is no longer known to be.
form?.addEventListener("input", (event) => {
  if (form.hasAttribute("hx-post")) return;
  document.querySelector(`#checked [data-wrong="${CSS.escape(event.target.name)}"]`)?.remove();
});

document.addEventListener("htmx:after:swap", () => form && mark());

// Enter checks what is there and leaves the focus where it is.
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=more]");
  if (!button) return;
  event.preventDefault();
  const last = [...form.querySelectorAll(`[data-row=${button.value}]`)].at(-1);
  const numbers = [...fields()].map((field) => field.name.match(`^${button.value}\\[(\\d+)\\]`)?.[1] ?? -1);
  const row = last.cloneNode(true);
  for (const field of row.querySelectorAll("[name]")) {
    field.name = field.name.replace(/\[\d+\]/, `[${Math.max(...numbers) + 1}]`);
    if (field.type === "hidden") continue;
    field.value = "";
    say(field, undefined);
  }
  row.querySelector("summary").textContent = row.querySelector("summary").dataset.empty;
  row.open = true;
  last.after(row);
  row.querySelector("input:not([type=hidden])").focus();
});
