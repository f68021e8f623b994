"use strict";
/* Everybody on one map: those that lie close together stand as a number, which grows apart when one looks closer. */
(() => {
  const { LOOKS, said, mark, views } = window.deskMap;
  const CELL = 44, EVERY = 15000, CLOSE = 17;
  const WEIGHT = ["away", "home", "leave", "silent", "alarm"];
  const root = document.querySelector("[data-everybody]");
  const finder = document.querySelector("[data-finder]");
  const rows = document.querySelector("[data-people-table]");
  let people = [], layer = null, asked = 0;
  const view = () => views.get(root.dataset.everybody);
  const named = new Map(finder ? [...finder.querySelectorAll("option")].map((one) => [one.value, one.textContent]) : []);
  const office = () => (finder ? finder.querySelector("select").value : "");
  const shown = () => people.filter((one) => !office() || one.office === office());

  /* People by cells of the screen, so that no two marks cover each other. */
  const cells = (map) => {
    const found = new Map(), bounds = map.getBounds().pad(0.1);
    for (const one of shown()) {
      if (!bounds.contains([one.lat, one.lon])) continue;
      const point = map.project([one.lat, one.lon]);
      const key = `${Math.floor(point.x / CELL)},${Math.floor(point.y / CELL)}`;
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(one);
    }
    return [...found.values()];
  };
  const worst = (some) => WEIGHT[Math.max(...some.map((one) => WEIGHT.indexOf(one.state)))];
  const middle = (some) => [some.reduce((sum, one) => sum + one.lat, 0) / some.length, some.reduce((sum, one) => sum + one.lon, 0) / some.length];

  const card = (some) => {
    const list = document.createElement("ul");
    list.className = "people";
    for (const one of some) {
      const line = list.appendChild(document.createElement("li"));
      const link = line.appendChild(document.createElement("a"));
      link.href = `/person/${encodeURIComponent(one.id)}`;
      link.textContent = one.id;
      line.append(` ${one.words}`);
    }
    return list;
  };
  const popup = (map) => L.popup({ maxWidth: Math.min(300, map.getSize().x - 60) });
  const alone = (one) => {
    const dot = mark({ lat: one.lat, lon: one.lon, words: one.id && `${one.id} · ${one.words}` }, one.state, { radius: 6 });
    return one.id ? dot.bindPopup(() => card([one]), { maxWidth: 240 }) : dot;
  };
  const several = (map, some) => {
    const at = middle(some), look = LOOKS[worst(some)];
    const spot = mark({ lat: at[0], lon: at[1] }, worst(some), { shape: "circle", radius: 14, color: look.colour, weight: 2, fillColor: "#fff" });
    const icon = L.divIcon({ className: "count", html: said(String(some.length)), iconSize: [28, 20], iconAnchor: [14, 10] });
    spot.on("click", () => {
      if (map.getZoom() < CLOSE) map.setView(at, map.getZoom() + 2, { animate: false });
      else if (some[0].id) popup(map).setLatLng(at).setContent(card(some)).openOn(map);
    });
    return [spot, L.marker(at, { icon, interactive: false, keyboard: false })];
  };
  const draw = () => {
    const map = view().map, next = L.layerGroup();
    for (const some of cells(map)) {
      for (const part of some.length > 1 ? several(map, some) : [alone(some[0])]) next.addLayer(part);
    }
    if (layer) layer.remove();
    layer = next.addTo(map);
  };
  const table = () => {
    if (!rows) return;
    rows.querySelector("tbody").replaceChildren(...shown().map((one) => {
      const row = document.createElement("tr"), link = document.createElement("a");
      link.href = `/person/${encodeURIComponent(one.id)}`;
      link.textContent = one.id;
      row.insertCell().append(link);
      for (const cell of [named.get(one.office) || one.office || "", one.words || ""]) row.insertCell().textContent = cell;
      return row;
    }));
  };
  const take = (told) => {
    people = told.people;
    const line = document.querySelector(`[data-told-of="${root.dataset.everybody}"]`);
    line.textContent = told.said;
    draw();
    table();
  };

  const refresh = async () => {
    if (document.hidden || Date.now() - asked < EVERY) return;
    asked = Date.now();
    try {
      const answer = await fetch(root.dataset.people, { headers: { "HX-Request": "true", "X-By-Itself": "1" } });
      if (answer.status === 401) window.location.reload();
      else if (answer.ok) take(await answer.json());
    } catch (fault) { /* The line above the page says that the desk is away. */ }
  };
  const find = () => {
    const wanted = finder.querySelector("input").value.trim().toLowerCase();
    const one = wanted && (people.find((each) => each.id.toLowerCase() === wanted) || people.find((each) => each.id.toLowerCase().includes(wanted)));
    const line = finder.querySelector("[data-found]");
    line.textContent = one ? `${one.id} · ${one.words}` : finder.dataset.unfound.replace("{value}", wanted);
    if (!one) return;
    const map = view().map;
    map.setView([one.lat, one.lon], Math.max(map.getZoom(), CLOSE - 1), { animate: false });
    popup(map).setLatLng([one.lat, one.lon]).setContent(card([one])).openOn(map);
  };

  root.addEventListener("layers", (event) => {
    asked = Date.now();
    take(event.detail);
    view().map.on("moveend", draw);
  });
  document.body.addEventListener("htmx:sseMessage", refresh);
  setInterval(refresh, EVERY);
  if (finder) {
    finder.addEventListener("submit", (event) => { event.preventDefault(); find(); });
    finder.querySelector("select").addEventListener("change", () => { draw(); table(); });
  }
})();
