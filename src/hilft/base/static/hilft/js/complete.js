/* Completes names while somebody types: data-complete is the id of a datalist, data-complete-after the sign before a name. */
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

function found() {
  const here = part();
  if (!here || (field.dataset.completeAfter === "@" ? here.typed.length > 40 : here.typed === "")) return [];
  const all = [...document.getElementById(field.dataset.complete).options].map((option) => option.value);
  return all.filter((name) => name.toLocaleLowerCase().startsWith(here.typed) && name.toLocaleLowerCase() !== here.typed).slice(0, 6);
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
  const names = found();
  if (names.length === 0) return;
  menu = document.createElement("ul");
  menu.className = "completions";
  menu.id = "completions";
  menu.setAttribute("role", "listbox");
  menu.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
  for (const [number, name] of names.entries()) {
    const item = document.createElement("li");
    item.id = `completion-${number}`;
    item.setAttribute("role", "option");
    item.textContent = name;
    menu.append(item);
  }
  field.after(menu);
  field.setAttribute("aria-controls", "completions");
  mark(menu.firstChild);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-complete]")) return;
  field = event.target;
  show();
});
document.addEventListener("keydown", (event) => {
  if (!menu || event.target !== field) return;
  const now = menu.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown") mark(now.nextSibling ?? menu.firstChild);
  else if (event.key === "ArrowUp") mark(now.previousSibling ?? menu.lastChild);
  else if (event.key === "Enter" || event.key === "Tab") take(now.textContent);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("mousedown", (event) => {
  const item = event.target.closest?.(".completions [role=option]");
  if (item) { event.preventDefault(); take(item.textContent); } else close();
});
document.addEventListener("focusout", (event) => event.target === field && close());
