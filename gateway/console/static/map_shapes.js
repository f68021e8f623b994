"use strict";
/* What is drawn on a map: a shape and a colour a source, so that neither is needed alone. */
window.deskMap = window.deskMap || {};
(() => {
  const LOOKS = {
    gnss: { colour: "#0b558a", shape: "circle" }, wifi: { colour: "#6b2f93", shape: "square" },
    cell: { colour: "#8a4600", shape: "triangle" }, beacon: { colour: "#1d6236", shape: "diamond" },
    phone: { colour: "#5a4a00", shape: "cross" }, none: { colour: "#51616d", shape: "cross" },
    track: { colour: "#1b2730", shape: "circle" }, moment: { colour: "#a3131b", shape: "star" },
    learnt: { colour: "#35566b", shape: "diamond" }, registered: { colour: "#51616d", shape: "square" },
    alarm: { colour: "#a3131b", shape: "star" }, silent: { colour: "#665200", shape: "square" },
    home: { colour: "#1d6236", shape: "circle" }, away: { colour: "#0b558a", shape: "triangle" },
    leave: { colour: "#51616d", shape: "diamond" },
  };
  const ZONES = {
    barred: { color: "#a3131b", fillOpacity: 0.15, weight: 2 },
    allowed: { color: "#4d6b00", fillOpacity: 0.03, weight: 3, dashArray: "12 6" },
    duty: { color: "#1d6236", fillOpacity: 0.08, weight: 2, dashArray: "4 4" },
    home: { color: "#1d6236", fillOpacity: 0.12, weight: 2 },
    drawn: { color: "#6b2f93", fillOpacity: 0.15, weight: 3, dashArray: "2 6" },
    county: { color: "#51616d", fill: false, weight: 1, dashArray: "8 4 2 4" },
  };
  const turn = (count, first, radius) => Array.from({ length: count }, (_, at) => {
    const angle = first + (at * 2 * Math.PI) / count;
    const far = typeof radius === "function" ? radius(at) : radius;
    return [far * Math.cos(angle), far * Math.sin(angle)];
  });
  const CORNERS = {
    square: turn(4, Math.PI / 4, 1.3), diamond: turn(4, 0, 1.4), triangle: turn(3, -Math.PI / 2, 1.5),
    star: turn(10, -Math.PI / 2, (at) => (at % 2 ? 0.75 : 1.7)),
    cross: [[-1.3, -0.4], [-0.4, -0.4], [-0.4, -1.3], [0.4, -1.3], [0.4, -0.4], [1.3, -0.4], [1.3, 0.4], [0.4, 0.4],
      [0.4, 1.3], [-0.4, 1.3], [-0.4, 0.4], [-1.3, 0.4]],
  };

  L.Canvas.include({
    _updateDeskShape(layer) {
      const corners = CORNERS[layer.options.shape];
      if (!corners) { this._updateCircle(layer); return; }
      if (!this._drawing || layer._empty()) return;
      const { x, y } = layer._point, size = layer._radius;
      this._ctx.beginPath();
      for (const [right, down] of corners) this._ctx.lineTo(x + right * size, y + down * size);
      this._ctx.closePath();
      this._fillStroke(this._ctx, layer);
    },
  });
  const Shape = L.CircleMarker.extend({ _updatePath() { this._renderer._updateDeskShape(this); } });

  /* Text as an element of its own: what comes from a file is never taken for markup. */
  const said = (text) => {
    const element = document.createElement("span");
    element.textContent = text;
    return element;
  };
  const mark = (spot, kind, more) => {
    const look = LOOKS[kind] || LOOKS.none;
    const options = { radius: 5, shape: look.shape, color: "#fff", weight: 1, fillColor: look.colour, fillOpacity: 1 };
    const drawn = new Shape([spot.lat, spot.lon], Object.assign(options, more));
    return spot.words ? drawn.bindTooltip(said(spot.words)) : drawn;
  };
  const radius = (spot, kind, more) => {
    const options = { radius: spot.r || 0, color: (LOOKS[kind] || LOOKS.none).colour, weight: 1, opacity: 0.5, fillOpacity: 0.06 };
    return L.circle([spot.lat, spot.lon], Object.assign({ interactive: false }, options, more));
  };
  const zone = (one) => {
    const look = ZONES[one.kind] || ZONES.duty;
    const drawn = one.geometry.type === "Point"
      ? L.circle([one.geometry.coordinates[1], one.geometry.coordinates[0]], Object.assign({ radius: one.r }, look))
      : L.geoJSON(one.geometry, { style: look });
    return one.name ? drawn.bindTooltip(said(one.name), { sticky: true }) : drawn;
  };

  Object.assign(window.deskMap, { LOOKS, said, mark, radius, zone });
})();
