"use strict";
/* A zone under the pencil: a click on the map adds a point, a drag moves one; the form says it to the desk, which
   checks it and answers with the form anew. By keyboard the form alone does it all. */
(() => {
  const { said, views, load } = window.deskMap;
  const DIGITS = 6;
  let view = null, layer = null, busy = false;
  const part = () => document.getElementById("draft");
  const field = (name) => document.getElementById(name);
  const drawable = () => part().dataset.onMap === "1" && !["file", "home"].includes(part().dataset.form);
  const pressed = (button) => { if (button) button.click(); };

  const moved = (at, place) => {
    field(`longitude-${at}`).value = place.lng.toFixed(DIGITS);
    field(`latitude-${at}`).value = place.lat.toFixed(DIGITS);
    pressed(field("draw-save"));
  };
  const corner = ([lon, lat], at) => {
    const icon = L.divIcon({ className: "drawn-corner", html: said(String(at + 1)), iconSize: [22, 22], iconAnchor: [11, 11] });
    const one = L.marker([lat, lon], { icon, draggable: drawable(), keyboard: false, interactive: drawable() });
    return one.on("dragend", () => moved(at, one.getLatLng()));
  };
  /* The corners, and the line between them: what is checked and whole the desk draws itself. */
  const draw = () => {
    const spots = JSON.parse(part().dataset.spots), line = spots.map(([lon, lat]) => [lat, lon]);
    const look = { color: "#6b2f93", weight: 1, interactive: false };
    if (layer) layer.remove();
    layer = L.layerGroup([...(line.length > 1 ? [L.polyline(line, look)] : []), ...spots.map(corner)]).addTo(view.map);
  };
  /* What is drawn so far, with room around it. */
  const looked = () => {
    const around = L.latLngBounds(JSON.parse(part().dataset.spots).map(([lon, lat]) => [lat, lon]));
    if (!around.isValid()) return;
    const reach = part().dataset.form === "circle" ? Number(part().dataset.radius) : 0;
    const wide = reach ? around.getCenter().toBounds(2 * reach) : around;
    view.map.fitBounds(wide.pad(0.5), { maxZoom: 16, animate: false });
  };
  const clicked = (event) => {
    if (!drawable() || busy) return;
    const { lng, lat } = event.latlng, rows = JSON.parse(part().dataset.spots).length;
    if (part().dataset.form === "circle" && rows) { moved(0, event.latlng); return; }
    field("add-longitude").value = lng.toFixed(DIGITS);
    field("add-latitude").value = lat.toFixed(DIGITS);
    field("add-datum").value = field("add-datum").querySelector("[selected]").value;
    pressed(field("draw-add"));
  };
  document.addEventListener("layers", () => {
    if (view) return;
    view = views.get("map");
    view.map.on("click", clicked);
    view.element.dataset.pencil = "1";
    looked();
    draw();
  });
  /* Hours belong to a rule that asks to be there; the others have none. */
  const hours = () => {
    if (field("draw-does")) field("draw-hours").hidden = field("draw-does").value !== "be_there";
  };
  document.addEventListener("change", (event) => { if (event.target.id === "draw-does") hours(); });
  hours(); // whoever chose before this was loaded has chosen, too
  document.addEventListener("htmx:beforeRequest", () => { busy = true; });
  document.addEventListener("htmx:afterSettle", (event) => {
    busy = false;
    /* What may be proposed now stands on the page as it is then. */
    if (event.target.dataset.tried === "1" && !field("draw-propose")) { window.location.reload(); return; }
    if (!view || event.target.id !== "draft") return;
    draw();
    load(view, view.element.dataset.map, false);
  });
})();
