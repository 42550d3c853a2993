// The background of a chart: outages of writes as shades, faults as strips at the top, instants as
// dashed lines, and the errors of a lag metric.
const chartBands = (() => {
'use strict';

const STRIP = 14;  // CSS pixels
const LANES_MAX = 4;

// Overlapping faults get separate lanes, at most LANES_MAX.
function lanesOf(faults, end) {
  const free = [];
  return faults.map((fault) => {
    const begin = fault.begin_s || 0;
    let lane = free.findIndex((until) => until <= begin);
    if (lane < 0) lane = free.length < LANES_MAX ? free.length : LANES_MAX - 1;
    free[lane] = Math.max(free[lane] || 0, fault.end_s === undefined ? end : fault.end_s);
    return lane;
  });
}

const laneCount = (data) => {
  const lanes = lanesOf(data.faults || [], data.end_s);
  return lanes.length ? Math.max(...lanes) + 1 : 0;
};

function inside({ ctx, bbox }, draw) {
  const ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.lineWidth = ratio;
  draw(ctx, bbox, ratio);
  ctx.restore();
}

function hatch(ctx, x, y, width, height, step) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.beginPath();
  for (let at = x - height; at < x + width; at += step) {
    ctx.moveTo(at, y + height);
    ctx.lineTo(at + height, y);
  }
  ctx.stroke();
  ctx.restore();
}

// The longest of the texts that fits; nothing if none fits.
function write(ctx, texts, x, y, width) {
  const text = texts.find((each) => ctx.measureText(each).width <= width);
  if (text) ctx.fillText(text, x, y);
}

function outages(plot, data, color) {
  inside(plot, (ctx, bbox, ratio) => {
    for (const outage of data.outages || []) {
      const from = plot.valToPos(outage.begin_s || 0, 'x', true);
      const width = Math.max(plot.valToPos(outage.end_s, 'x', true) - from, ratio);
      ctx.fillStyle = color('--shade');
      ctx.globalAlpha = 0.13;
      ctx.fillRect(from, bbox.top, width, bbox.height);
      ctx.globalAlpha = 0.9;
      write(ctx, ['no write committed', 'no writes'], from + 4 * ratio, bbox.top + bbox.height - 5 * ratio, width - 6 * ratio);
    }
  });
}

function faults(plot, data, color) {
  inside(plot, (ctx, bbox, ratio) => {
    const all = data.faults || [];
    const lanes = lanesOf(all, data.end_s);
    all.forEach((fault, i) => {
      const from = plot.valToPos(fault.begin_s || 0, 'x', true);
      const to = plot.valToPos(fault.end_s === undefined ? data.end_s : fault.end_s, 'x', true);
      const width = Math.max(to - from, 2 * ratio);
      const top = bbox.top + lanes[i] * STRIP * ratio;
      const height = (STRIP - 1) * ratio;
      ctx.fillStyle = ctx.strokeStyle = color(fault.down ? '--shade' : '--warn');
      ctx.globalAlpha = 0.16;
      ctx.fillRect(from, top, width, height);
      ctx.globalAlpha = 0.4;
      if (fault.down) hatch(ctx, from, top, width, height, 6 * ratio);
      ctx.globalAlpha = 0.7;
      ctx.fillRect(from, bbox.top, ratio, bbox.height);
      const on = fault.on.join(', ');
      const what = fault.down && !fault.what.startsWith('paused') ? 'down' : fault.what;
      const texts = [`${i + 1} ${on} ${what}`, `${i + 1} ${what}`, `${i + 1} ${on}`, `${i + 1}`];
      const text = texts.find((each) => ctx.measureText(each).width <= width - 6 * ratio) || texts[3];
      // On a plain background, because text on a hatched one is illegible.
      ctx.globalAlpha = 1;
      ctx.fillStyle = color('--paper');
      ctx.fillRect(from + ratio, top + ratio, ctx.measureText(text).width + 5 * ratio, height - 2 * ratio);
      ctx.fillStyle = color(fault.down ? '--shade' : '--warn');
      ctx.fillText(text, from + 3 * ratio, top + 10.5 * ratio);
    });
  });
}

function marks(plot, data, color) {
  inside(plot, (ctx, bbox, ratio) => {
    ctx.globalAlpha = 0.8;
    ctx.strokeStyle = color('--faint');
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    for (const mark of data.marks || []) {
      const x = plot.valToPos(mark.time_s || 0, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
  });
}

function misled(plot, intervals, color) {
  inside(plot, (ctx, bbox, ratio) => {
    ctx.fillStyle = ctx.strokeStyle = color('--s4');
    let free = -Infinity;  // where the next label may begin without overlapping
    for (const { begin_s: begin, end_s: end, what } of intervals) {
      const from = plot.valToPos(begin || 0, 'x', true);
      const width = Math.max(plot.valToPos(end, 'x', true) - from, 2 * ratio);
      ctx.globalAlpha = 0.18;
      ctx.fillRect(from, bbox.top, width, bbox.height);
      ctx.globalAlpha = 0.5;
      hatch(ctx, from, bbox.top, width, bbox.height, 8 * ratio);
      ctx.globalAlpha = 1;
      if (from <= free || width <= 4 * ratio) continue;
      ctx.fillText(what, from + 3 * ratio, bbox.top + bbox.height - 5 * ratio);
      free = from + ctx.measureText(what).width + 8 * ratio;
    }
  });
}

return {
  // Called before the lines are drawn.
  draw(plot, data, color) {
    outages(plot, data, color);
    faults(plot, data, color);
    marks(plot, data, color);
  },
  misled,
  // The height of the strips in CSS pixels.
  stripsHeight: (data) => STRIP * laneCount(data),
};
})();
