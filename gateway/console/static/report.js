"use strict";
// The page prints itself: what is for the screen alone is left out by its style sheet.
document.getElementById("print")?.addEventListener("click", () => window.print());
