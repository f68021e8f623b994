"use strict";
/* A map for every element of class "map": data-map names the JSON of its layers, data-words its texts, data-base a
   base map. Only what the desk itself serves is asked for. */
(() => {
  const { said, mark, radius, zone } = window.deskMap;
  const STEPS = [5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  const LINES = 4, NEAR = 15, ROUND = 1e-9;

  /* Lines of longitude and latitude, and what they are. */
  const Graticule = L.LayerGroup.extend({
    onAdd(map) { L.LayerGroup.prototype.onAdd.call(this, map); map.on("moveend", this._draw, this); this._draw(); },
    onRemove(map) { map.off("moveend", this._draw, this); L.LayerGroup.prototype.onRemove.call(this, map); },
    _draw() {
      const seen = this._map.getBounds(), west = seen.getWest(), south = seen.getSouth();
      const wide = Math.max(seen.getEast() - west, seen.getNorth() - south);
      const step = STEPS.find((one) => wide / one >= LINES) || STEPS[STEPS.length - 1];
      this.clearLayers();
      for (let at = Math.ceil(west / step) * step; at < seen.getEast(); at += step) {
        this._line([[south, at], [seen.getNorth(), at]], [south, at], at, step);
      }
      for (let at = Math.ceil(south / step) * step; at < seen.getNorth(); at += step) {
        this._line([[at, west], [at, seen.getEast()]], [at, west], at, step);
      }
    },
    _line(ends, corner, at, step) {
      const shown = said((Math.round(at / step) * step + ROUND).toFixed(Math.max(0, Math.ceil(-Math.log10(step)))));
      this.addLayer(L.polyline(ends, { color: "#7a8a95", weight: 1, opacity: 0.35, interactive: false }));
      const icon = L.divIcon({ className: "degrees", html: shown, iconSize: [0, 0], iconAnchor: [-3, 18] });
      this.addLayer(L.marker(corner, { icon, interactive: false, keyboard: false }));
    },
  });

  const line = (spots) => spots.map((spot) => [spot.lat, spot.lon]);
  const group = (layers) => L.featureGroup(layers);

  /* The track, broken where nothing came; there a dotted line says for how long. */
  const track = (layers) => {
    const broken = new Set((layers.gaps || []).map((gap) => gap.since));
    const runs = [[]];
    for (const spot of layers.track) {
      runs[runs.length - 1].push(spot);
      if (broken.has(spot.at)) runs.push([]);
    }
    const lines = runs.filter((run) => run.length > 1).map((run) => L.polyline(line(run), { color: "#1b2730", weight: 2, interactive: false }));
    return group([...lines, ...layers.track.map((spot) => mark(spot, "track", { radius: 2, weight: 0 }))]);
  };
  const gap = (one) => L.polyline(line([one.from, one.to]), { color: "#1b2730", weight: 3, dashArray: "1 8" })
    .bindTooltip(said(one.words), { sticky: true });
  /* Many circles over each other stay clear. */
  const faint = (count) => ({ fillOpacity: Math.min(0.06, 6 / count), opacity: Math.min(0.5, 60 / count) });
  const UNUSED = { fillOpacity: 0.25, color: "#51616d" };
  const LAYERS = {
    zones: (layers) => group(layers.zones.map(zone)),
    homes: (layers) => group(layers.homes.map((home) => zone({ kind: "home", name: home.words, geometry: { type: "Point", coordinates: [home.lon, home.lat] }, r: home.r }))),
    places: (layers) => group(layers.places.map((place) => mark(place, place.kind, { radius: 3 }))),
    radii: (layers) => group(layers.fixes.map((fix) => radius(fix, fix.source, faint(layers.fixes.length)))),
    gaps: (layers) => group(layers.gaps.map(gap)),
    track,
    fixes: (layers) => group(layers.fixes.map((fix) => mark(fix, fix.source, fix.kind ? UNUSED : {}))),
    moment: (layers) => group([radius(layers.moment, "moment", { weight: 3, opacity: 1 }), mark(layers.moment, "moment", { radius: 8 })]),
  };
  const FROM = { radii: "fixes" };
  const ALWAYS = ["zones", "homes", "places", "moment"];

  const drawn = (view, layers) => {
    for (const [name, draw] of Object.entries(LAYERS)) {
      if (view.layers[name]) { view.map.removeLayer(view.layers[name]); view.control.removeLayer(view.layers[name]); }
      delete view.layers[name];
      const what = layers[FROM[name] || name];
      if (!what || (Array.isArray(what) && !what.length)) continue;
      view.layers[name] = draw(layers).addTo(view.map);
      view.control.addOverlay(view.layers[name], view.words[name] || name);
    }
  };

  /* Everything that lies about the person; else the zones; else the county. */
  const fitted = (view, layers) => {
    const own = ["fixes", "radii", "track", "moment", "homes"].map((name) => view.layers[name]).filter(Boolean);
    const around = group(own.length ? own : Object.values(view.layers)).getBounds();
    const county = layers.bounds && L.latLngBounds([layers.bounds[1], layers.bounds[0]], [layers.bounds[3], layers.bounds[2]]);
    const bounds = around.isValid() ? around : county;
    if (bounds) view.map.fitBounds(bounds, { padding: [24, 24], maxZoom: NEAR + 2, animate: false });
  };

  /* The same in words, for whoever does not see a map: filled when it is opened. */
  const tabled = (view, layers) => {
    const table = view.table;
    if (!table) return;
    const rows = [...(layers.fixes || []), ...(layers.gaps || []).map((one) => ({ at: one.since, time: one.time, words: one.words }))];
    if (layers.moment) rows.push(layers.moment);
    rows.sort((one, other) => one.at - other.at);
    table.replaceChildren(...rows.map((one) => {
      const row = document.createElement("tr");
      const place = one.lon === undefined ? "" : `${one.lon.toFixed(5)}, ${one.lat.toFixed(5)}`;
      for (const cell of [one.time || "", one.words || "", place]) row.insertCell().textContent = cell;
      return row;
    }));
  };

  const based = (element, map) => {
    if (!element.dataset.base || !window.protomapsL) return;
    const attribution = said(element.dataset.baseFrom).innerHTML;
    const { base: url, baseZoom } = element.dataset, lang = document.documentElement.lang.slice(0, 2);
    window.protomapsL.leafletLayer({ url, flavor: "light", lang, attribution, maxDataZoom: Number(baseZoom) }).addTo(map);
  };

  const opened = (element) => {
    const words = JSON.parse(element.dataset.words);
    const map = L.map(element, { preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.5 });
    L.control.zoom({ zoomInTitle: words.nearer, zoomOutTitle: words.farther }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution(element.dataset.datum).addTo(map);
    map.setView([Number(element.dataset.latitude), Number(element.dataset.longitude)], 11);
    based(element, map);
    const graticule = new Graticule().addTo(map);
    const control = L.control.layers(null, { [words.graticule]: graticule }).addTo(map);
    const table = document.querySelector(`[data-table-of="${element.id}"] tbody`);
    return { element, map, words, control, table, layers: {} };
  };

  const told = (view, text) => {
    const line = document.querySelector(`[data-told-of="${view.element.id}"]`);
    if (line) line.textContent = text;
  };

  /* Ask for the layers of a map, and draw them. ``fit``: look at them, too. */
  const load = async (view, url, fit) => {
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true", Accept: "application/json" } });
      if (answer.status === 401) { window.location.reload(); return; }
      const layers = await answer.json();
      if (!answer.ok) { told(view, layers.said || view.words.unread); return; }
      view.shown = layers;
      drawn(view, layers);
      tabled(view, layers);
      if (fit) fitted(view, layers);
      told(view, layers.said || "");
      view.element.dispatchEvent(new CustomEvent("layers", { bubbles: true, detail: layers }));
    } catch (fault) {
      told(view, view.words.unread);
    }
  };

  const begin = (root) => {
    for (const element of root.querySelectorAll(".map[data-map]:not([data-open])")) {
      element.dataset.open = "1";
      const view = opened(element);
      window.deskMap.views.set(element.id, view);
      load(view, element.dataset.map, true);
    }
  };
  Object.assign(window.deskMap, { views: new Map(), load, begin, group });
  document.addEventListener("DOMContentLoaded", () => begin(document));
  document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
})();
