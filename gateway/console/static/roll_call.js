"use strict";
document.getElementById("roll-call-print")?.addEventListener("click", () => print());
