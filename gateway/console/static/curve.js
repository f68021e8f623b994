"use strict";
/* How probable it was over time that a rule was not kept: the curves of a map's JSON, one at a time. */
(() => {
  const LINE = "#0b558a", LIMIT = "#a3131b", MOMENT = "#1b2730";
  const MOST_ROWS = 400;

  /* The threshold as a dashed line, and moments of decision as upright ones. */
  const marks = (curve) => (plot) => {
    const { ctx, bbox } = plot, edge = devicePixelRatio;
    const stroke = (colour, dash, from, to) => {
      ctx.save();
      ctx.strokeStyle = colour; ctx.lineWidth = 1.5 * edge; ctx.setLineDash(dash.map((one) => one * edge));
      ctx.beginPath(); ctx.moveTo(...from); ctx.lineTo(...to); ctx.stroke();
      ctx.restore();
    };
    for (const limit of curve.limits) {
      const y = plot.valToPos(limit, "y", true);
      stroke(LIMIT, [6, 4], [bbox.left, y], [bbox.left + bbox.width, y]);
    }
    for (const at of curve.moments) {
      const x = plot.valToPos(at, "x", true);
      if (x >= bbox.left && x <= bbox.left + bbox.width) stroke(MOMENT, [2, 3], [x, bbox.top], [x, bbox.top + bbox.height]);
    }
  };
  const plotted = (place, curve, zone) => new uPlot({
    width: place.clientWidth, height: 220, legend: { show: false }, cursor: { drag: { x: true, y: false } },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
    scales: { y: { range: [0, 1] } },
    axes: [{ values: [[86400, "{MM}-{DD}", null, null, null, null, null, null, 1], [60, "{HH}:{mm}", null, null, null, null, null, null, 1]] },
      { values: (plot, ticks) => ticks.map((one) => `${Math.round(one * 100)}%`) }],
    series: [{}, { stroke: LINE, width: 2, points: { show: curve.at.length < 200, size: 4 }, spanGaps: false }],
    hooks: { draw: [marks(curve)] },
  }, [curve.at, curve.p], place);

  const begin = (root) => {
    const choice = root.querySelector("select"), place = root.querySelector("[data-plot]");
    const body = root.querySelector("tbody"), none = root.querySelector("[data-none]");
    let curves = [], plot = null;
    const show = () => {
      if (plot) { plot.destroy(); plot = null; }
      const curve = curves[Number(choice.value)];
      none.hidden = Boolean(curve);
      place.hidden = choice.disabled = !curve;
      body.replaceChildren();
      if (!curve) return;
      plot = plotted(place, curve, root.dataset.zone);
      const step = Math.ceil(curve.at.length / MOST_ROWS);
      for (let at = 0; at < curve.at.length; at += step) {
        const row = body.insertRow();
        for (const cell of [curve.times[at], curve.p[at] === null ? "" : `${Math.round(curve.p[at] * 100)}%`]) row.insertCell().textContent = cell;
      }
    };
    choice.addEventListener("change", show);
    window.addEventListener("resize", () => { if (plot) plot.setSize({ width: place.clientWidth, height: 220 }); });
    document.getElementById(root.dataset.curveOf).addEventListener("layers", (event) => {
      curves = event.detail.curves || [];
      choice.replaceChildren(...curves.map((one, at) => new Option(one.words, String(at))));
      show();
    });
  };
  for (const root of document.querySelectorAll("[data-curve-of]")) begin(root);
})();
