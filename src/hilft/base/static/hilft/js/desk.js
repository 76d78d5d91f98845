/* Everything a page of the desk can do; each module binds itself by data attributes. */
import "./htmx.js";
import "../vendor/relative-time-element/relative-time-element.js";
import "./theme.js";
import "./preference.js";
import "./keys.js";
import "./list.js";
import "./dialog.js";
import "./palette.js";
import "./help.js";
import "./toast.js";
import "./pill.js";
import "./composer.js";
import "./counter.js";
import "./undo.js";
import "./presence.js";
import "./perf.js";
import "./live.js";
