/* Dialogs and drawers by attributes: data-open="id", data-close, data-pane="context"; swapped-in dialogs open themselves. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (opener && !opener.matches("[data-connection]")) {
    opener.closest("[popover]")?.hidePopover();
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog && !dialog.open) dialog.showModal();
    event.preventDefault();
    return;
  }
  if (event.target.closest?.("[data-close]")?.closest("dialog")) {
    event.target.closest("dialog").close();
    event.preventDefault();
    return;
  }
  if (event.target.matches?.("dialog:modal")) closeFromOutside(event);
  const pane = event.target.closest?.("[data-pane]");
  if (pane) {
    event.preventDefault();
    toggle(pane.dataset.pane);
  }
});

/* A click on the backdrop closes, unless the dialog holds a form that could lose work. */
function closeFromOutside(event) {
  const dialog = event.target;
  const area = dialog.getBoundingClientRect();
  const inside = event.clientX >= area.left && event.clientX <= area.right && event.clientY >= area.top && event.clientY <= area.bottom;
  if (!inside && !dialog.querySelector("form")) dialog.close();
}

function toggle(name) {
  const pane = document.getElementById(name);
  const frame = pane?.closest("[data-panes]");
  if (!frame) return;
  const opens = !pane.checkVisibility();
  frame.dataset[name] = opens ? "open" : "closed";
  const drawer = getComputedStyle(pane).position === "fixed";
  if (opens && !drawer) delete frame.dataset[name];
  if (opens && drawer) pane.querySelector("a, button, [tabindex]")?.focus();
  for (const control of document.querySelectorAll(`[data-pane="${CSS.escape(name)}"]:not(#${CSS.escape(name)} *)`)) control.setAttribute("aria-expanded", String(opens));
  if (!opens) document.querySelector(`[data-pane="${CSS.escape(name)}"]:not(.pane *)`)?.focus();
}

/* Esc and a click beside it close a drawer. */
const drawers = () => ["views", "context"].filter((name) => {
  const pane = document.getElementById(name);
  return pane?.matches("[data-panes] > *") && pane.checkVisibility() && getComputedStyle(pane).position === "fixed";
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog:modal, :popover-open")) return;
  const open = drawers();
  if (open.length === 0) return;
  event.preventDefault();
  open.forEach(toggle);
}, true);
document.addEventListener("pointerdown", (event) => {
  for (const name of drawers()) {
    if (!event.target.closest?.(`#${name}, [data-pane]`)) toggle(name);
  }
});

document.addEventListener("htmx:after:swap", () => {
  for (const dialog of document.querySelectorAll("dialog[data-dialog-now]:not([open])")) dialog.showModal();
});
