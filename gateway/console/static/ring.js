"use strict";
/* A screen that nobody works on rings on: each time that more urgent alarms wait than before. */
(() => {
  const siren = document.getElementById("siren");
  let known = 0;
  document.body.addEventListener("htmx:afterSettle", () => {
    const waiting = Number(document.getElementById("ring")?.dataset.waiting || 0);
    if (waiting > known && localStorage.getItem("mute") !== "yes") {
      siren.currentTime = 0;
      /* What the browser blocks is tried at the next turn. */
      siren.play().then(() => { siren.dataset.sounded = String(waiting); }, () => { known = 0; });
    }
    known = waiting;
  });
})();
