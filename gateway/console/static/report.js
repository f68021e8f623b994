// The page prints itself: what is for the screen alone is left out by its style sheet.
"use strict";
document.getElementById("print")?.addEventListener("click", () => window.print());
