"use strict";
/* Step by step through a track that a map shows: first, back, on, last and a slider; each step is said in words. */
(() => {
  const begin = (bar) => {
    const part = (name) => bar.querySelector(`[data-play="${name}"]`);
    const slider = part("at"), said = part("said");
    let steps = [], shown = null;

    const show = (at) => {
      const view = window.deskMap.views.get(bar.dataset.playback);
      const now = Math.max(0, Math.min(steps.length - 1, at)), step = steps[now];
      if (shown) { shown.remove(); shown = null; }
      for (const button of bar.querySelectorAll("button")) button.disabled = !steps.length;
      slider.disabled = !steps.length;
      if (!step) { said.textContent = bar.dataset.none; return; }
      slider.value = String(now);
      slider.setAttribute("aria-valuetext", step.words);
      said.textContent = bar.dataset.step.replace("{at}", now + 1).replace("{all}", steps.length).replace("{words}", step.words);
      const { mark, radius, group } = window.deskMap;
      shown = group([radius(step, step.source, { weight: 3, opacity: 1, fillOpacity: 0.15 }), mark(step, step.source, { radius: 8, color: "#f2a900", weight: 3 })]);
      shown.addTo(view.map);
      if (!view.map.getBounds().contains([step.lat, step.lon])) view.map.panTo([step.lat, step.lon], { animate: false });
    };
    const MOVES = { first: () => 0, back: () => Number(slider.value) - 1, on: () => Number(slider.value) + 1, last: () => steps.length - 1 };
    for (const [name, to] of Object.entries(MOVES)) part(name).addEventListener("click", () => show(to()));
    slider.addEventListener("input", () => show(Number(slider.value)));
    document.getElementById(bar.dataset.playback).addEventListener("layers", (event) => {
      steps = event.detail.fixes || [];
      slider.max = String(Math.max(0, steps.length - 1));
      show(steps.length - 1);
    });
  };
  /* Where the same stretch was spent at rest, as a table. */
  const stays = (table) => document.getElementById(table.dataset.staysOf).addEventListener("layers", (event) => {
    const some = event.detail.stays || [];
    document.querySelector("[data-stays-none]").hidden = some.length > 0;
    table.hidden = !some.length;
    table.tBodies[0].replaceChildren(...some.map((stay) => {
      const row = document.createElement("tr");
      for (const cell of [stay.since, stay.until, stay.words]) row.insertCell().textContent = cell;
      return row;
    }));
  });
  for (const table of document.querySelectorAll("[data-stays-of]")) stays(table);
  for (const bar of document.querySelectorAll("[data-playback]")) begin(bar);
})();
