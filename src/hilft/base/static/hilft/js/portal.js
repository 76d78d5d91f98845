/* What a page of the portal can do beyond plain HTML; kept small. */
import "./theme.js";
