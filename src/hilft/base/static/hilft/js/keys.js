/* Keyboard map: elements carry data-key ("j", "g o", "Shift+e", "Mod+Enter"); pressing it clicks or focuses them.
   Single keys rest in fields and when html has data-keys="off"; Alt and AltGr are never ours (they type @ and € here). */
const TYPING = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select, [contenteditable=""], [contenteditable="true"]';
const PATIENCE = 1200;
const bound = new Map();
let prefix = "";
let timer = 0;

/** Binds a key to a function that returns false when it had nothing to do. */
export function bind(name, handler) {
  bound.set(name, [...(bound.get(name) ?? []), handler]);
}

export const typing = (target) => target instanceof Element && target.closest(TYPING) !== null;

/** The name of what was pressed, by event.key: letters fold case into Shift, signs stand for themselves. */
export function nameOf(event) {
  const letter = /^\p{L}$/u.test(event.key);
  const key = letter ? event.key.toLowerCase() : event.key;
  const shift = event.shiftKey && (letter || event.key.length > 1) ? "Shift+" : "";
  return (event.ctrlKey || event.metaKey ? "Mod+" : "") + shift + key;
}

/** Elements with a key that can be used now: inside the open dialog if there is one, visible and enabled. */
export function keyed() {
  const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
  return [...(dialog ?? document).querySelectorAll("[data-key]")].filter((element) => !element.matches(":disabled, [aria-disabled='true']"));
}

const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

function act(element) {
  if (typing(element)) {
    element.focus();
    if (element.matches("textarea") && element.selectionEnd === 0) element.setSelectionRange(element.value.length, element.value.length);
    element.scrollIntoView({ block: "nearest" });
  } else element.click();
}

function run(name, event) {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  const found = keyed().filter((element) => element.dataset.key === name && (visible(element) || element.closest("[popover], nav")));
  const element = found.find((one) => form?.contains(one)) ?? found[0];
  const handled = (!element && (bound.get(name) ?? []).some((handler) => handler(event) !== false)) || Boolean(element);
  if (!handled) return false;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("hilft:key", { detail: { key: name, at: event.timeStamp } }));
  if (element) act(element);
  return true;
}

function leaveField(event) {
  if (event.key !== "Escape" || !typing(event.target) || event.target.closest("dialog, [popover]")) return false;
  event.target.blur();
  document.dispatchEvent(new CustomEvent("hilft:left-field", { detail: { field: event.target } }));
  return true;
}

const sequencesBegin = (name) => keyed().some((element) => element.dataset.key.startsWith(`${name} `));

function reset() {
  prefix = "";
  delete document.documentElement.dataset.keysPending;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.getModifierState?.("AltGraph")) return;
  if (event.key === "Escape" && document.querySelector(":popover-open")) return;
  if (["Shift", "Control", "Meta", "CapsLock"].includes(event.key) || leaveField(event)) return;
  const name = nameOf(event);
  if (name.startsWith("Mod+")) {
    run(name, event);
    return;
  }
  if (typing(event.target) || document.documentElement.dataset.keys === "off") return;
  const whole = prefix ? `${prefix} ${name}` : name;
  clearTimeout(timer);
  reset();
  if (run(whole, event)) return;
  if (whole === name && sequencesBegin(name)) {
    prefix = document.documentElement.dataset.keysPending = name;
    timer = setTimeout(reset, PATIENCE);
  }
});

/* Says the keys to assistive technology too. */
export function announce(root = document) {
  for (const element of root.querySelectorAll("[data-key]:not([aria-keyshortcuts])")) {
    if (!element.dataset.key.includes(" ")) element.setAttribute("aria-keyshortcuts", element.dataset.key.replaceAll("Mod+", "Control+"));
  }
}

announce();
document.addEventListener("htmx:after:swap", () => announce());

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-keys-switch]")) return;
  const state = target.checked ? "on" : "off";
  document.documentElement.dataset.keys = state;
  document.cookie = `keys=${state}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new CustomEvent("hilft:preference", { detail: { keys: state } }));
});
