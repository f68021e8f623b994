"use strict";
/* The queue by keyboard: which row is meant, which are chosen, what is new; and the sound of a critical one. */
(() => {
  const list = document.getElementById("rows");
  if (!list) return;
  const $ = (id) => document.getElementById(id);
  const rows = () => [...list.querySelectorAll("li.row")];
  const panelIsOpen = () => document.querySelector("dialog[open], [data-opening]") !== null;
  const chosen = new Set();
  let known = new Set(rows().map((row) => row.dataset.alarm));
  let here = null, at = 0;

  /* The current row: where the focus is, else where it was last, else the first. */
  function current() {
    const focused = document.activeElement?.closest("li.row");
    if (focused) return focused;
    return here && $(`row-${here}`) || rows()[Math.min(at, rows().length - 1)] || null;
  }
  function mark(row) {
    if (!row) return;
    here = row.dataset.alarm;
    at = rows().indexOf(row);
    for (const each of rows()) each.classList.toggle("current", each === row);
  }
  function go(row) { if (row) { row.querySelector("a.open").focus(); mark(row); } }
  function step(by) {
    const all = rows(), held = document.activeElement?.closest("li.row");
    go(held ? all[Math.min(Math.max(all.indexOf(held) + by, 0), all.length - 1)] : current());
  }

  /* Choosing several. */
  function shown() {
    const boxes = [...list.querySelectorAll("input.pick")];
    const there = new Set(boxes.filter((box) => !box.disabled).map((box) => box.value));
    for (const each of chosen) if (!there.has(each)) chosen.delete(each);
    for (const box of boxes) box.checked = chosen.has(box.value);
    const words = $("picked");
    if (words) words.textContent = chosen.size ? words.dataset.words.replace("{count}", chosen.size) : "";
  }
  function pick(box) {
    if (!box || box.disabled) return;
    box.checked ? chosen.add(box.value) : chosen.delete(box.value);
    shown();
  }
  /* Whoever presses a key does it by hand: the event says so to the desk, whose sessions end when nobody does anything. */
  const form = (path, event) => htmx.ajax("GET", path, { target: "#panel", source: document.body, event });
  function post(values, event) { htmx.ajax("POST", "/queue/act", { target: "#result", source: document.body, values, event }); }

  /* One thing done: about the chosen rows where it can be, else about the current one. */
  function act(what, event) {
    const row = current(), several = ["acknowledge", "note", "assign", "close"].includes(what) && chosen.size > 0;
    if (several && what === "acknowledge") { post({ do: what, alarm: [...chosen] }, event); chosen.clear(); shown(); return; }
    if (several) { form(`/queue/form/${what}?${[...chosen].map((each) => `alarm=${each}`).join("&")}`, event); return; }
    if (!row) return;
    mark(row);
    if (what === "acknowledge") row.querySelector("[data-acknowledge], [data-take-over]")?.click();
    else form(`/alarm/${row.dataset.alarm}/form/${what}`, event);
  }
  function number(event) {
    const row = current();
    if (!row?.dataset.person) return;
    mark(row);
    htmx.ajax("GET", `/contact/${encodeURIComponent(row.dataset.person)}?purpose=${row.dataset.alarm}`, { target: "#contact", source: document.body, event });
  }
  function locate() { const row = current(); if (row) location.assign(`/alarm/${row.dataset.alarm}#locate`); }
  function seen(event) {
    const all = rows();
    htmx.ajax("POST", "/queue/seen", { target: "#result", source: document.body, swap: "none", event, values: {
      alarm: all.map((row) => row.dataset.alarm), revision: all.map((row) => row.dataset.revision) } });
  }

  /* Name and number stand in a window of their own, and nowhere once it is closed. */
  const numbers = $("number-panel"), contact = $("contact");
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === contact && contact.childElementCount && !numbers.open) numbers.showModal();
  });
  numbers.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) numbers.close(); });
  numbers.addEventListener("close", () => { contact.replaceChildren(); go(here && $(`row-${here}`)); });

  /* The sound of a critical alarm that nobody has taken: a mute stops the sound alone. */
  const siren = $("siren"), mute = $("mute"), on = $("sound-on"), said = $("sound-said");
  const isMuted = () => localStorage.getItem("mute") === "yes";
  function muteShown() {
    mute.setAttribute("aria-pressed", String(isMuted()));
    mute.querySelector("span").textContent = isMuted() ? mute.dataset.unmute : mute.dataset.mute;
    if (isMuted()) { siren.pause(); said.textContent = said.dataset.muted; } else said.textContent = "";
  }
  function sound(alarm) {
    if (isMuted()) return;
    siren.currentTime = 0;
    siren.play().then(() => { siren.dataset.sounded = alarm; blocked(false); }, () => blocked(true));
  }
  function blocked(is) { on.classList.toggle("hidden", !is); if (is) said.textContent = said.dataset.off; }
  mute.addEventListener("click", () => { localStorage.setItem("mute", isMuted() ? "no" : "yes"); muteShown(); });
  on.addEventListener("click", () => { said.textContent = ""; sound("first"); });
  muteShown();

  /* New rows are told to whoever listens, and heard. */
  function arrived() {
    const fresh = rows().filter((row) => !known.has(row.dataset.alarm));
    if (fresh.length) $("told").textContent = fresh.map((row) => row.dataset.say).join(" ");
    alarm(fresh);
    known = new Set(rows().map((row) => row.dataset.alarm));
  }
  function alarm(some) {
    const urgent = some.find((row) => row.dataset.rings === "yes" && row.dataset.taken === "no");
    if (urgent) sound(urgent.dataset.alarm);
  }

  /* It goes on until somebody has taken it, or a mute stops it. */
  setInterval(() => alarm(rows()), 20000);

  let held = null;
  list.addEventListener("htmx:beforeSwap", () => { held = document.activeElement?.closest("#rows li.row")?.dataset.alarm || null; });
  list.addEventListener("htmx:afterSettle", () => {
    shown();
    arrived();
    mark(here && $(`row-${here}`));
    if (held && !$(`row-${held}`)) go(rows()[Math.min(at, rows().length - 1)]);
    held = null;
  });
  list.addEventListener("focusin", (event) => mark(event.target.closest("li.row")));
  list.addEventListener("change", (event) => { if (event.target.matches("input.pick")) pick(event.target); });
  document.addEventListener("desk:closed", () => { const row = here && $(`row-${here}`); if (row) go(row); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.do) act(button.dataset.do, event);
    else if (button.hasAttribute("data-number")) number(event);
    else if (button.hasAttribute("data-locate")) locate();
    else if (button.id === "pick") { const box = current()?.querySelector("input.pick"); if (box && !box.disabled) { box.checked = !box.checked; pick(box); } }
    else if (button.id === "seen") seen(event);
  });
  document.addEventListener("keydown", (event) => {
    if (panelIsOpen() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("select, textarea, input:not([type=checkbox])")) return;
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); step(by); }
    else if (event.key === "Enter" && event.target === document.body) current()?.querySelector("a.open").click();
  });
  const filter = $("filter");
  filter.addEventListener("change", (event) => { if (event.target.matches("select")) filter.requestSubmit(); });
  mark(current());
  alarm(rows().filter((row) => row.dataset.fresh === "new"));
})();
