// Draws the data of a report page. Every number in it comes from the analysis; here they are only
// put where they belong, in milliseconds where the data has microseconds.
(() => {
'use strict';

const $ = (id) => document.getElementById(id);
const HUES = ['--s1', '--s2', '--s3', '--s4', '--s5', '--s6'];
const DASHES = [[], [9, 4], [3, 3], [12, 3, 3, 3], [2, 5], [6, 2]];
const STAGES = ['receive', 'write', 'flush', 'apply'];

let printing = false;
function color(name) {
  if (printing) return { '--ink': '#000', '--faint': '#444', '--line': '#ccc' }[name] || LIGHT[name] || '#000';
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
const LIGHT = { '--s1': '#0b6ab8', '--s2': '#c2500a', '--s3': '#00795a', '--s4': '#93458a',
  '--s5': '#6b6b00', '--s6': '#444', '--shade': '#b3261e' };

// The analysis writes NaN where nothing is known; a chart shows a gap there.
const known = (values) => (values || []).map((v) => (typeof v === 'number' ? v : null));
const scaled = (values, by) => known(values).map((v) => (v === null ? null : v * by));
const slots = (count, length) => Array.from({ length: count }, (_, i) => +(i * length).toFixed(6));

const short = (v) => {
  const size = Math.abs(v);
  if (size >= 100) return Math.round(v).toLocaleString('en');
  if (size >= 10) return (Math.round(v * 10) / 10).toString();
  return (Math.round(v * 1000) / 1000).toString();
};
const UNITS = {
  count: (v) => short(v),
  rate: (v) => `${short(v)}/s`,
  ms: (v) => (Math.abs(v) >= 10000 ? `${short(v / 1000)} s` : `${short(v)} ms`),
  bytes: (v) => (v >= 1e9 ? `${short(v / 1e9)} GB` : v >= 1e6 ? `${short(v / 1e6)} MB`
    : v >= 1e3 ? `${short(v / 1e3)} kB` : `${short(v)} B`),
};
const LAG_UNITS = { time_us: ['ms', 1e-3], entries: ['count', 1], bytes: ['bytes', 1] };

let data = JSON.parse($('timeline').textContent);
const state = { stage: 'apply', measure: 'time_us', metric: '', replica: '', log: false, zoom: null, moment: null };

// --- what each chart shows: x, and lines {label, values, floor (a band down to it), unit} ---

function lagChart() {
  const [unit, by] = LAG_UNITS[state.measure];
  const of = data.lag.filter((l) => l.stage === state.stage);
  const lines = of.filter((l) => !l.down).map((l) => ({
    label: l.replica, values: scaled(l[state.measure].high, by), floor: scaled(l[state.measure].low, by),
  }));
  // A node that is down does not lag as a replica does: shown where somebody asks for it.
  const down = of.filter((l) => l.down).map((l) => ({
    label: `${l.replica} (down)`, values: scaled(l[state.measure].high, by), down: true,
  }));
  return { unit, lines: lines.concat(down), grid: 'fine' };
}

const CHARTS = [
  { id: 'lag', title: 'Replication lag', height: 260, log: true,
    hint: 'how far each replica was behind what the primary had appended; by time: the age of the oldest entry it missed. Line: the most in each slot, shaded down to the least. While a node was down it has no line; its legend entry (down) shows how far its disk was behind',
    of: lagChart },
  { id: 'throughput', title: 'Answers', height: 170,
    hint: 'operations answered per second; unknown: past their deadline without an answer',
    of: () => ({ unit: 'rate', grid: 'coarse', lines: [
      { label: 'writes committed', values: known(data.rates.writes_per_s) },
      { label: 'reads answered', values: known(data.rates.reads_per_s) },
      { label: 'unknown', values: known(data.rates.unknown_per_s), optional: true },
      { label: 'rejected', values: known(data.rates.rejected_per_s), optional: true }] }) },
  { id: 'latency', title: 'Write latency', height: 170, log: true,
    hint: 'of committed writes, from when they should have started, by the time of the answer: p50 to p99 shaded, and the slowest',
    of: () => ({ unit: 'ms', grid: 'coarse', lines: [
      { label: 'p99', values: scaled(data.rates.write_p99_us, 1e-3), floor: scaled(data.rates.write_p50_us, 1e-3) },
      { label: 'p50', values: scaled(data.rates.write_p50_us, 1e-3) },
      { label: 'slowest', values: scaled(data.rates.write_max_us, 1e-3) }] }) },
  { id: 'exposure', title: 'Acknowledged and at risk', height: 150, log: true,
    hint: 'acknowledged writes that a power loss of the primary would take, and that its loss would take; the most in each slot',
    of: () => ({ unit: 'count', grid: 'fine', lines: [
      { label: 'not flushed on the primary', values: known(data.exposed_entries && data.exposed_entries.high) },
      { label: 'received by no replica', values: known(data.unreplicated_entries && data.unreplicated_entries.high) }]
      .filter((l) => l.values.length) }) },
  { id: 'stale', title: 'Stale reads', height: 120,
    hint: 'reads per second that missed a write acknowledged before they began',
    of: () => ({ unit: 'rate', grid: 'coarse', lines: [
      { label: 'stale reads', values: known(data.rates.stale_reads_per_s) }] }) },
  { id: 'lab', title: 'What a lag metric would have shown', height: 220, log: true, lies: true, place: 'lab-plot',
    hint: 'hatched: it was off by more than a factor of two, or read nothing or zero while entries were missing',
    of: labChart },
];

// A lag metric as people watch it, over the lag that there was.
const LAB_UNITS = { us: ['ms', 1e-3, 'time_us'], entries: ['count', 1, 'entries'], bytes: ['bytes', 1, 'bytes'] };
const labOf = () => (data.shown || []).find((s) => s.metric === state.metric && s.replica === state.replica);

function labChart() {
  const shown = labOf();
  if (!shown) return { unit: 'ms', lines: [], x: [] };
  const [unit, by, measure] = LAB_UNITS[shown.unit];
  const x = shown.values.map((_, i) => +((shown.begin_s || 0) + i * shown.interval_s).toFixed(6));
  const band = data.lag.find((l) => l.replica === shown.replica && l.stage === shown.stage && !l.down);
  const truth = x.map((t) => {
    const value = band && band[measure].high[Math.floor(t / data.slot_s + 1e-9)];
    return typeof value === 'number' ? value * by : null;
  });
  return { unit, x, lines: [{ label: `true ${shown.stage} lag`, values: truth }, { label: shown.label, values: scaled(shown.values, by) }] };
}

function drawLies(plot) {
  const shown = labOf();
  if (!shown) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = ctx.strokeStyle = color('--s4');
  ctx.lineWidth = ratio;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  let free = -Infinity;  // labels do not run into each other
  for (const lie of shown.lies || []) {
    const from = plot.valToPos(lie.begin_s || 0, 'x', true);
    const to = Math.max(plot.valToPos(lie.end_s, 'x', true), from + 2 * ratio);
    ctx.globalAlpha = 0.18;
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.globalAlpha = 0.5;
    for (let x = from - bbox.height; x < to; x += 8 * ratio) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(from, bbox.top, to - from, bbox.height);
      ctx.clip();
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
      ctx.stroke();
      ctx.restore();
    }
    ctx.globalAlpha = 1;
    const width = ctx.measureText(lie.what).width;
    if (from > free && to - from > 4 * ratio) {
      ctx.fillText(lie.what, from + 3 * ratio, bbox.top + bbox.height - 5 * ratio);
      free = from + width + 8 * ratio;
    }
  }
  ctx.restore();
}

function contentOf(chart) {
  const content = chart.of();
  content.lines = content.lines.filter((l) => l.values.length && (!l.optional || l.values.some((v) => v)));
  if (!content.x) {
    const length = content.grid === 'fine' ? data.slot_s : data.coarse_slot_s;
    content.x = slots(Math.max(0, ...content.lines.map((l) => l.values.length)), length);
  }
  return content;
}

// --- faults behind the lines ---

function drawFaults(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const ratio = devicePixelRatio || 1;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  (data.faults || []).forEach((fault, i) => {
    const from = plot.valToPos(fault.begin_s || 0, 'x', true);
    const to = plot.valToPos(fault.end_s === undefined ? data.end_s : fault.end_s, 'x', true);
    const width = Math.max(to - from, 2 * ratio);
    ctx.fillStyle = color('--shade');
    ctx.globalAlpha = 0.1;
    ctx.fillRect(from, bbox.top, width, bbox.height);
    ctx.globalAlpha = 0.75;
    ctx.fillRect(from, bbox.top, ratio, bbox.height);
    ctx.fillText(String(i + 1), from + 3 * ratio, bbox.top + (12 + (i % 4) * 12) * ratio);
  });
  ctx.globalAlpha = 0.8;
  ctx.strokeStyle = color('--faint');
  ctx.fillStyle = color('--faint');
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const mark of data.marks || []) {
    const x = plot.valToPos(mark.time_s || 0, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

// --- charts ---

const plots = new Map();  // id → {plot, element, content}
// All charts at once; null: the whole run.
let zooming = false;
function zoom(range) {
  if (zooming) return;  // a drag is seen by every chart that shares the cursor
  zooming = true;
  state.zoom = range;
  for (const { plot } of plots.values()) {
    plot.setScale('x', range || { min: 0, max: data.end_s });
    plot.setSelect({ width: 0, height: 0 }, false);
  }
  zooming = false;
}

function options(chart, content, width) {
  const format = UNITS[content.unit];
  const series = [{ label: 'time', value: (_, v) => (v === null ? '' : `${v.toFixed(3)} s`) }];
  const bands = [];
  content.lines.forEach((line, i) => {
    const stroke = line.down ? color('--faint') : color(HUES[i % HUES.length]);
    const dash = line.down ? [2, 4] : DASHES[i % DASHES.length];
    series.push({ label: line.label, stroke, dash: dash.map((d) => d * (devicePixelRatio || 1)), show: !line.down,
      width: 1.6, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }),
      value: (_, v, __, i) => (i === null ? '' : v === null || v === undefined ? 'not known' : format(v)) });
    if (!line.floor) return;
    series.push({ label: `${line.label} least`, stroke: 'transparent', width: 0, points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }), class: 'floor' });
    bands.push({ series: [series.length - 2, series.length - 1], fill: `color-mix(in srgb, ${stroke} 16%, transparent)` });
  });
  const log = chart.log && state.log;
  const least = content.unit === 'ms' ? 0.01 : 1;  // the top of a chart in which nothing happened
  return {
    width, height: chart.height, series, bands,
    cursor: { sync: { key: 'replsim', scales: ['x', null] }, drag: { x: true, y: false, setScale: false },
      points: { size: 6 } },
    scales: {
      x: { time: false, range: () => (state.zoom ? [state.zoom.min, state.zoom.max] : [0, data.end_s]) },
      y: log ? { distr: 4, asinh: content.unit === 'ms' ? 0.1 : 1, range: (_, __, max) => [0, Math.max(max || 0, least) * 1.2] }
        : { range: (_, __, max) => [0, Math.max(max || 0, least) * 1.08] },
    },
    axes: [
      { stroke: color('--faint'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') },
        values: (_, ticks) => ticks.map((t) => `${+t.toFixed(6)} s`) },
      { stroke: color('--faint'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') },
        size: 74, values: (_, ticks) => ticks.map((t) => (t === null ? '' : format(t))) },
    ],
    hooks: {
      drawClear: chart.lies ? [drawFaults, drawLies] : [drawFaults],
      setSelect: [(plot) => {
        const { left, width: chosen } = plot.select;
        if (chosen > 2) zoom({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + chosen, 'x') });
      }],
    },
    legend: { live: true },
  };
}

function columns(content) {
  const all = [content.x];
  for (const line of content.lines) {
    all.push(line.values);
    if (line.floor) all.push(line.floor);
  }
  return all;
}

function build(chart) {
  const old = plots.get(chart.id);
  if (old) old.plot.destroy();
  let figure = $(`plot-${chart.id}`);
  if (!figure) {
    figure = document.createElement('figure');
    figure.id = `plot-${chart.id}`;
    figure.className = 'plot';
    const caption = figure.appendChild(document.createElement('figcaption'));
    caption.textContent = `${chart.title} `;
    caption.appendChild(document.createElement('small')).textContent = chart.hint;
    figure.appendChild(document.createElement('div'));
    $(chart.place || 'plots').appendChild(figure);
  }
  const content = contentOf(chart);
  figure.hidden = content.lines.length === 0;
  plots.delete(chart.id);
  if (figure.hidden) return;
  const target = figure.lastChild;
  const width = Math.max(target.clientWidth || $('plots').clientWidth, 240);
  const plot = new uPlot(options(chart, content, width), columns(content), target);
  plots.set(chart.id, { plot, content });
  let downAt = 0;
  plot.over.addEventListener('mousedown', (e) => { downAt = e.clientX; });
  plot.over.addEventListener('click', (e) => {
    if (Math.abs(e.clientX - downAt) < 3) showMoment(plot.posToVal(plot.cursor.left, 'x'));
  });
  plot.over.addEventListener('dblclick', () => zoom(null));
}

function buildAll() {
  CHARTS.slice(0, -1).forEach(build);
  addLab();
  buildLab();
}

// --- what each node held at a moment ---

function momentAt(seconds) {
  const slot = Math.min(Math.max(Math.floor(seconds / data.slot_s + 1e-9), 0),
    Math.max(...(data.positions || []).map((p) => p.lsn_delta.length), 1) - 1);
  const rows = (data.nodes || []).map((node) => {
    const row = { node, lsn: {}, lag: {} };
    for (const p of data.positions || []) {
      if (p.node !== node) continue;
      let lsn = 0;
      for (let i = 0; i <= slot && i < p.lsn_delta.length; ++i) lsn += p.lsn_delta[i];
      row.lsn[p.stage] = lsn;
    }
    for (const l of data.lag || []) {
      if (l.replica === node && typeof l.entries.high[slot] === 'number') row.lag[l.stage] = l.entries.high[slot];
    }
    return row;
  });
  return { seconds: slot * data.slot_s, rows };
}

function cell(row, kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  row.appendChild(element);
}

function showMoment(seconds) {
  const moment = momentAt(seconds);
  state.moment = moment.seconds;
  const panel = $('moment');
  panel.replaceChildren();
  const heading = panel.appendChild(document.createElement('h3'));
  heading.textContent = `At ${moment.seconds.toFixed(3)} s every node held the log up to`;
  const table = panel.appendChild(document.createElement('table'));
  table.className = 'grid';
  const head = table.appendChild(document.createElement('thead')).insertRow();
  cell(head, 'th', 'node');
  STAGES.forEach((stage) => cell(head, 'th', stage === 'receive' ? 'append / receive' : stage));
  const body = table.appendChild(document.createElement('tbody'));
  for (const each of moment.rows) {
    const row = body.insertRow();
    cell(row, 'th', each.node);
    for (const stage of STAGES) {
      const lsn = each.lsn[stage];
      const lag = each.lag[stage];
      cell(row, 'td', lsn === undefined ? '-' : lag ? `${lsn.toLocaleString('en')} (${lag.toLocaleString('en')} behind)` : lsn.toLocaleString('en'));
    }
  }
  const inForce = (data.faults || []).filter((f) => (f.begin_s || 0) <= moment.seconds && (f.end_s === undefined || f.end_s > moment.seconds));
  const faults = panel.appendChild(document.createElement('p'));
  faults.textContent = inForce.length ? `In force: ${inForce.map((f) => `${f.on.join(', ')} ${f.what}`).join('; ')}` : 'No fault was in force.';
}

// --- switches ---

function choice(place, label, key, values, names, chosen) {
  const box = $(place).appendChild(document.createElement('label'));
  box.append(label);
  const select = box.appendChild(document.createElement('select'));
  select.id = `switch-${key}`;
  values.forEach((value, i) => select.add(new Option(names[i], value)));
  select.value = state[key];
  select.addEventListener('change', () => {
    state[key] = select.value;
    chosen();
  });
}

function addLab() {
  const shown = data.shown || [];
  $('lab').hidden = shown.length === 0;
  if (!shown.length || $('switch-metric')) return;
  const metrics = new Map(shown.map((s) => [s.metric, s.label]));
  const replicas = [...new Set(shown.map((s) => s.replica))];
  const worst = shown.reduce((a, b) => ((b.lies || []).length > (a.lies || []).length ? b : a));
  state.metric = worst.metric;
  state.replica = worst.replica;
  choice('lab-switches', 'Metric', 'metric', [...metrics.keys()], [...metrics.values()], buildLab);
  choice('lab-switches', 'of', 'replica', replicas, replicas, buildLab);
}

function buildLab() {
  const shown = labOf();
  build(CHARTS[CHARTS.length - 1]);
  const lies = shown ? (shown.lies || []) : [];
  const total = lies.reduce((sum, lie) => sum + lie.end_s - (lie.begin_s || 0), 0);
  $('lab-text').textContent = shown ? `${shown.definition} ${lies.length ? `It misled ${lies.length} times, for ${short(total)} s in all.` : 'It did not mislead here.'}` : '';
}

function addSwitches() {
  const lag = () => build(CHARTS[0]);
  choice('switches', 'Lag of stage', 'stage', STAGES, STAGES, lag);
  choice('switches', 'in', 'measure', ['time_us', 'entries', 'bytes'], ['time', 'entries', 'bytes'], lag);
  const box = $('switches').appendChild(document.createElement('label'));
  const log = box.appendChild(document.createElement('input'));
  log.type = 'checkbox';
  log.id = 'switch-log';
  box.append('logarithmic');
  log.addEventListener('change', () => {
    state.log = log.checked;
    buildAll();
  });
  const reset = $('switches').appendChild(document.createElement('button'));
  reset.type = 'button';
  reset.textContent = 'Whole run';
  reset.addEventListener('click', () => zoom(null));
}

// --- following a run ---

addEventListener('replsim-update', ({ detail: update }) => {
  for (const [id, html] of Object.entries(update.sections)) {
    // Made by the same code as the page itself: text in it is escaped.
    if ($(id)) $(id).innerHTML = html;
  }
  data = update.timeline;
  buildAll();
  if (state.moment !== null) showMoment(state.moment);
});

addSwitches();
buildAll();
let resizing = 0;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(buildAll, 120);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', buildAll);
addEventListener('beforeprint', () => { printing = true; buildAll(); });
addEventListener('afterprint', () => { printing = false; buildAll(); });
// For whoever drives the page from outside: tests, and the browser's console.
window.replsim = { plots, momentAt, state, get data() { return data; } };
})();
