"use strict";
/* Keys of the desk: an element with data-key is clicked by that key, one with data-focus-key gets the focus. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.key.length > 1) return;
  if (document.querySelector("dialog[open], [data-opening]")) return;
  const key = CSS.escape(event.key.toLowerCase());
  const clicked = document.querySelector(`[data-key="${key}"]`);
  const focused = document.querySelector(`[data-focus-key="${key}"]`);
  if (clicked) { event.preventDefault(); clicked.click(); }
  else if (focused) { event.preventDefault(); focused.focus(); }
});
/* What a page asks for by itself keeps no session open. */
document.addEventListener("htmx:configRequest", (event) => {
  const cause = event.detail.triggeringEvent;
  if (!cause || /^(sse:|htmx:|hx:poll)/.test(cause.type)) event.detail.headers["X-By-Itself"] = "1";
});
/* Whoever works on a page is there, typing too; whose session has ended sees no more of it. */
(() => {
  if (!document.body.hasAttribute("sse-connect")) return;
  let works = false;
  for (const kind of ["keydown", "pointerdown", "wheel", "touchmove"])
    addEventListener(kind, () => { works = true; }, { capture: true, passive: true });
  setInterval(async () => {
    const headers = { "HX-Request": "true", ...(works ? {} : { "X-By-Itself": "1" }) };
    works = false;
    const answer = await fetch("/alive", { headers }).catch(() => null);
    if (answer?.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }, 30000);
})();
/* Ages and countdowns go on by themselves, by the county's clock as the page was told it (data-now). */
(() => {
  const begun = new WeakMap();
  function lasted(seconds, words) {
    const minutes = Math.floor(Math.max(0, seconds) / 60), hours = Math.floor(minutes / 60);
    if (hours) return words.h.replace("{h}", hours).replace("{m}", String(minutes % 60).padStart(2, "0"));
    return minutes ? words.m.replace("{m}", minutes) : words.short;
  }
  function now(part) {
    if (!begun.has(part)) begun.set(part, performance.now());
    return Number(part.dataset.now) + (performance.now() - begun.get(part)) / 1000;
  }
  function tick(part) {
    const at = now(part);
    for (const each of part.querySelectorAll("[data-since], [data-until]")) {
      const since = each.dataset.since, left = Number(each.dataset.until) - at;
      const words = since || left > 0 ? each.dataset.words : each.dataset.over;
      const said = words.replace("{}", lasted(since ? at - Number(since) : Math.abs(left), part.dataset));
      if (each.textContent !== said) each.textContent = said;
      if (!since) each.classList.toggle("over", left <= 0);
    }
  }
  setInterval(() => document.querySelectorAll("[data-now]").forEach(tick), 1000);
})();
