/* What the pages of sign-in need. */
import "./theme.js";
import "./toast.js";
