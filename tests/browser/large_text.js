/* What a reader with large text loses on the page as it stands: a list of sentences, empty when nothing is lost.
   Text may be out of sight where one can scroll to it, downwards, and sideways in tables and code; it may be shortened
   where its whole is one link away. */
() => {
  const found = new Set();
  const named = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${String(element.getAttribute("class") ?? "").trim().replaceAll(/\s+/g, ".")}`;
  const styles = new Map();
  const styleOf = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const SHOWN = { checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true };
  const HIDDEN = ".visually-hidden, .skip-link, [aria-hidden=true], option, noscript, svg, dialog:not([open]), [popover]:not(:popover-open)";
  const WIDE = "pre, .table-frame, .prose table";
  const view = { left: 0, top: 0, right: document.documentElement.clientWidth, bottom: innerHeight };
  const still = document.body.matches(".desk-page");

  function content(element) {
    const box = element.getBoundingClientRect();
    const left = box.left + element.clientLeft;
    const top = box.top + element.clientTop;
    return { left, top, right: left + element.clientWidth, bottom: top + element.clientHeight };
  }

  function outer(element, position) {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (position !== "absolute" || styleOf(up).position !== "static") return up;
    }
    return null;
  }

  /* Follows a text's box outwards: an edge that hides cuts it off, a scroller brings it into its own box. */
  function cutBy(element, box) {
    let { left, top, right, bottom } = box;
    let position = "static";
    for (let up = element; up && up !== document.body && up !== document.documentElement; up = outer(up, position)) {
      const style = styleOf(up);
      if (style.display !== "inline" && style.display !== "contents") {
        const edge = content(up);
        if (/auto|scroll/.test(style.overflowX)) [left, right] = [edge.left, edge.right];
        else if (style.overflowX !== "visible" && (left < edge.left - 1.5 || right > edge.right + 1.5)) return up;
        const slack = parseFloat(style.fontSize) * 0.3;
        if (/auto|scroll/.test(style.overflowY)) {
          const above = style.flexDirection === "column-reverse" ? up.scrollHeight - up.clientHeight + up.scrollTop : up.scrollTop;
          if (top < edge.top - above - slack) return up;
          [top, bottom] = [edge.top, edge.bottom];
        } else if (style.overflowY !== "visible" && (top < edge.top - slack || bottom > edge.bottom + slack)) return up;
      }
      position = style.position;
      if (position === "fixed") break;
    }
    const held = still || position === "fixed";
    const away = left + scrollX < -1 || top + scrollY < -1;
    return away || (held && (right > view.right + 2 || bottom > view.bottom + 8)) ? document.body : null;
  }

  /* The part of a box that its scrollers show. */
  function shown(element, box) {
    let { left, top, right, bottom } = box;
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      const style = styleOf(up);
      if (style.overflowX !== "visible" || style.overflowY !== "visible") {
        const edge = content(up);
        [left, top, right, bottom] = [Math.max(left, edge.left), Math.max(top, edge.top), Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
      }
    }
    return { left, top, right, bottom };
  }

  const shortened = (element) => element.closest("a, button, summary, [title], select, input") !== null;
  const layer = (element) => {
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      if (/sticky|fixed/.test(styleOf(up).position)) return up;
    }
    return document.body;
  };

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.data.trim();
    if (!words || element.closest(HIDDEN) || !element.checkVisibility(SHOWN) || element.matches("script, style, textarea") || styleOf(element).clipPath === "inset(50%)") continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const by = cutBy(element, box);
      const clamped = by && by !== document.body && (styleOf(by).textOverflow === "ellipsis" || styleOf(by).webkitLineClamp !== "none");
      if (by && !(clamped && shortened(by))) found.add(`"${words.slice(0, 40)}" is cut off by ${named(by)}`);
      if (!by) texts.push({ element, words, layer: layer(element), size: parseFloat(styleOf(element).fontSize), ...shown(element, box) });
    }
  }

  /* Text upon text: more than a third of a line in height and in width. */
  const lines = texts.filter((one) => one.right - one.left > 2 && one.bottom - one.top > 2).sort((one, other) => one.top - other.top);
  lines.forEach((one, place) => {
    for (let next = place + 1; next < lines.length && lines[next].top < one.bottom; next += 1) {
      const other = lines[next];
      if (other.layer !== one.layer || other.element === one.element) continue;
      const least = Math.min(one.size, other.size) / 3;
      const high = Math.min(one.bottom, other.bottom) - other.top;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (high > least * 1.6 && wide > least) found.add(`"${one.words.slice(0, 30)}" lies on "${other.words.slice(0, 30)}" in ${named(one.element)} and ${named(other.element)}`);
    }
  });

  /* Text that sticks out of the button, chip, card or cell that is drawn around it. */
  for (const one of texts) {
    const around = one.element.closest("button, .button, .chip, .card, td, th, .alert, .menu-item, .nav-link, .tab, .message-text, .tile");
    if (!around || styleOf(around).display === "inline") continue;
    const box = around.getBoundingClientRect();
    if (one.right > box.right + 2 || one.left < box.left - 2 || one.bottom > box.bottom + one.size * 0.4) found.add(`"${one.words.slice(0, 40)}" sticks out of ${named(around)}`);
  }

  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth + 1) found.add("the page scrolls sideways");
  for (const element of document.body.querySelectorAll("*")) {
    if (element.scrollWidth <= element.clientWidth + 1 || !/auto|scroll/.test(styleOf(element).overflowX)) continue;
    if (element.clientWidth && !element.matches(WIDE) && element.checkVisibility(SHOWN) && !element.closest(HIDDEN)) found.add(`${named(element)} scrolls sideways`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (element.scrollHeight <= element.clientHeight + 1 || !/auto|scroll/.test(styleOf(element).overflowY)) continue;
    const least = 2.5 * parseFloat(styleOf(element).fontSize);
    if (element.clientHeight < least && element.checkVisibility(SHOWN) && !element.matches("textarea, input, select, pre") && !element.closest(HIDDEN)) found.add(`${named(element)} shows less than two lines of what it holds`);
  }

  /* Controls: each can be brought into view as focus does it, is not wholly covered there, and lies on no other. */
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const controls = [...document.querySelectorAll(CONTROLS)].filter((one) => one.checkVisibility(SHOWN) && !one.closest(HIDDEN));
  const boxes = controls.flatMap((one) => [...one.getClientRects()].map((box) => ({ one, layer: layer(one), ...shown(one, box) })));
  boxes.sort((one, other) => one.top - other.top).forEach((first, place) => {
    for (let next = place + 1; next < boxes.length && boxes[next].top < first.bottom - 3; next += 1) {
      const second = boxes[next];
      if (first.layer !== second.layer || first.one.contains(second.one) || second.one.contains(first.one)) continue;
      if (first.one.closest(".row") && first.one.closest(".row") === second.one.closest(".row")) continue;
      const wide = Math.min(first.right, second.right) - Math.max(first.left, second.left);
      if (wide > 3 && Math.min(first.bottom, second.bottom) - second.top > 3) found.add(`${named(first.one)} lies on ${named(second.one)}`);
    }
  });
  const reached = (control) => {
    const box = control.getClientRects()[0];
    return [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]].some(([x, y]) => {
      const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return top && (control.contains(top) || [...(control.labels ?? [])].some((label) => label.contains(top)));
    });
  };
  for (const control of [...controls, ...controls.toReversed()]) {
    control.scrollIntoViewIfNeeded();
    if (!reached(control)) found.add(`${named(control)} "${(control.innerText ?? "").trim().slice(0, 30)}" is covered or out of reach`);
  }
  scrollTo(0, 0);
  return [...found];
}
