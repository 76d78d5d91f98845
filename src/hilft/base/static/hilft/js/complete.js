/* Completes names while somebody types: data-complete is the id of a datalist, data-complete-after the sign before a name.
   With data-complete-by the value of that field ends the id, and an empty part offers everything: by click or arrow. */
let menu = null;
let field = null;

function part() {
  const after = field.dataset.completeAfter;
  const before = field.value.slice(0, field.selectionStart);
  const start = before.lastIndexOf(after) + 1;
  if (after === "@" && (start === 0 || /\w/.test(before[start - 2] ?? ""))) return null;
  const typed = before.slice(start);
  return { start: start + typed.length - typed.trimStart().length, typed: typed.trim().toLocaleLowerCase() };
}

function names() {
  const { complete, completeBy } = field.dataset;
  const id = completeBy ? complete + document.getElementById(completeBy).value : complete;
  return [...(document.getElementById(id)?.options ?? [])].map((option) => option.value);
}

function found() {
  const here = part();
  const { completeAfter, completeBy } = field.dataset;
  if (!here || (completeAfter === "@" ? here.typed.length > 40 : here.typed === "" && !completeBy)) return [];
  const fitting = names().filter((name) => name.toLocaleLowerCase().startsWith(here.typed) && name.toLocaleLowerCase() !== here.typed);
  return fitting.slice(0, completeBy ? 12 : 6);
}

function close() {
  menu?.remove();
  menu = null;
  field?.removeAttribute("aria-controls");
  field?.removeAttribute("aria-activedescendant");
}

function take(name) {
  const { start } = part();
  field.setRangeText(name, start, field.selectionStart, "end");
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(item) {
  for (const one of menu.children) one.setAttribute("aria-selected", String(one === item));
  field.setAttribute("aria-activedescendant", item.id);
}

function show() {
  close();
  const offered = found();
  if (offered.length === 0) return;
  menu = document.createElement("ul");
  menu.className = "completions";
  menu.id = "completions";
  menu.setAttribute("role", "listbox");
  menu.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
  for (const [number, name] of offered.entries()) {
    const item = document.createElement("li");
    item.id = `completion-${number}`;
    item.setAttribute("role", "option");
    item.textContent = name;
    menu.append(item);
  }
  field.after(menu);
  field.setAttribute("aria-controls", "completions");
  if (part().typed !== "" || field.dataset.completeAfter === "@") mark(menu.firstChild);
}

function open(event) {
  if (menu || !event.target.matches?.("[data-complete-by]")) return;
  field = event.target;
  show();
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-complete]")) return;
  field = event.target;
  show();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") open(event);
  if (!menu || event.target !== field) return;
  const now = menu.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown") mark(now?.nextSibling ?? menu.firstChild);
  else if (event.key === "ArrowUp") mark(now?.previousSibling ?? menu.lastChild);
  else if (now && (event.key === "Enter" || event.key === "Tab")) take(now.textContent);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("mousedown", (event) => {
  const item = event.target.closest?.(".completions [role=option]");
  if (item) { event.preventDefault(); take(item.textContent); } else close();
});
document.addEventListener("click", open);
document.addEventListener("focusout", (event) => event.target === field && close());
