"use strict";
/* The curve of an alarm: probability over time against the threshold, with the moments of decision; a table beside it. */
(() => {
  const place = document.getElementById("curve");
  if (!place) return;
  const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(name).trim();
  function moments(told) {
    return { hooks: { draw: (plot) => {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.strokeStyle = colour("--critical");
      ctx.setLineDash([4, 4]);
      for (const turn of told.turns) {
        const x = Math.round(plot.valToPos(turn.at, "x", true));
        if (x < bbox.left || x > bbox.left + bbox.width) continue;
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
      ctx.restore();
    } } };
  }
  function options(told) {
    return {
      width: place.clientWidth, height: 240, tzDate: (at) => uPlot.tzDate(new Date(at * 1e3), told.timezone),
      scales: { y: { range: [0, 1] } },
      axes: [{ values: "{HH}:{mm}" }, { values: (plot, marks) => marks.map((mark) => `${Math.round(mark * 100)} %`), size: 60 }],
      series: [
        { label: told.words.time, value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" },
        { label: told.words.p, stroke: colour("--brand"), width: 2, points: { show: told.at.length < 200 }, value: (plot, p) => p === null ? "–" : `${Math.round(p * 100)} %` },
        { label: told.words.threshold, stroke: colour("--serious"), dash: [8, 4], points: { show: false }, value: (plot, p) => p === null ? "–" : `${Math.round(p * 100)} %` },
      ],
      plugins: [moments(told)],
    };
  }
  function table(told) {
    const body = document.querySelector("#curve-table tbody");
    body.replaceChildren(...told.rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((words) => { const cell = document.createElement("td"); cell.textContent = words; return cell; }));
      return row;
    }));
    document.getElementById("turns").replaceChildren(...told.turns.map((turn) => {
      const line = document.createElement("li");
      line.textContent = turn.words;
      return line;
    }));
  }
  fetch(place.dataset.source, { headers: { "X-By-Itself": "1" } }).then((answer) => answer.ok ? answer.json() : Promise.reject(answer)).then((told) => {
    document.getElementById("curve-said").textContent = told.said;
    if (!told.at.length) { place.hidden = true; return; }
    table(told);
    const plot = new uPlot(options(told), [told.at, told.p, told.at.map(() => told.threshold)], place);
    addEventListener("resize", () => plot.setSize({ width: place.clientWidth, height: 240 }));
  }, () => { document.getElementById("curve-said").textContent = place.dataset.failed; });
})();
