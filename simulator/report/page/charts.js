// Draws the charts of a report page. The analysis computes every number; this script only converts
// microseconds to milliseconds.
(() => {
'use strict';

const $ = (id) => document.getElementById(id);
const HUES = ['--s1', '--s2', '--s3', '--s4', '--s5', '--s6'];
const DASHES = [[], [9, 4], [3, 3], [12, 3, 3, 3], [2, 5], [6, 2]];
const { STAGES } = chartMoment;

let printing = false;
function color(name) {
  if (printing) return { '--ink': '#000', '--faint': '#444', '--line': '#ccc' }[name] || LIGHT[name] || '#000';
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
const LIGHT = { '--s1': '#0b6ab8', '--s2': '#c2500a', '--s3': '#00795a', '--s4': '#93458a',
  '--s5': '#6b6b00', '--s6': '#444', '--shade': '#b3261e', '--warn': '#8a5a00', '--paper': '#fff' };

// The analysis writes NaN for unknown values; a chart shows a gap there.
const known = (values) => (values || []).map((v) => (typeof v === 'number' ? v : null));
const scaled = (values, by) => known(values).map((v) => (v === null ? null : v * by));
const bins = (count, length) => Array.from({ length: count }, (_, i) => +(i * length).toFixed(6));

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
const state = { stage: 'apply', measure: 'time_us', metric: '', replica: '', log: false, zoom: null, moment: null,
  hidden: new Map() };  // "chart/line" → whether its reader has hidden it

// --- what each chart shows: x, and lines {label, values, floor (a band down to it), unit} ---

function lagChart() {
  const [unit, by] = LAG_UNITS[state.measure];
  const of = data.lag.filter((l) => l.stage === state.stage);
  const lines = of.filter((l) => !l.down).map((l) => ({
    label: l.replica, values: scaled(l[state.measure].high, by), floor: scaled(l[state.measure].low, by),
  }));
  // The lag of a node that is down is not the lag of a replica: hidden by default.
  const down = of.filter((l) => l.down).map((l) => ({
    label: `${l.replica} (down)`, values: scaled(l[state.measure].high, by), down: true,
  }));
  return { unit, lines: lines.concat(down), grid: 'fine' };
}

const CHARTS = [
  { id: 'lag', title: 'Replication lag', height: 260, log: true,
    hint: 'what the primary had appended and the replica did not have yet; by time: the age of the oldest missing entry. Line: the maximum of each interval, shaded down to the minimum. A node that is down has no line; click its legend entry (down) to see how far behind its disk is',
    of: lagChart },
  { id: 'throughput', title: 'Responses', height: 170,
    hint: 'operations per second; unknown: no response before the deadline',
    of: () => ({ unit: 'rate', grid: 'coarse', lines: [
      { label: 'writes committed', values: known(data.rates.writes_per_s) },
      { label: 'reads answered', values: known(data.rates.reads_per_s) },
      { label: 'writes unknown', values: known(data.rates.unknown_per_s), optional: true },
      { label: 'writes rejected', values: known(data.rates.rejected_per_s), optional: true },
      { label: 'writes told lost', values: known(data.rates.told_lost_per_s), optional: true },
      { label: 'reads without an answer', values: known(data.rates.failed_reads_per_s), optional: true }] }) },
  { id: 'latency', title: 'Write latency', height: 170, log: true,
    hint: 'of committed writes, measured from the intended start and drawn at the time of the response; shaded from p50 to p99',
    of: () => ({ unit: 'ms', grid: 'coarse', lines: [
      { label: 'p99', values: scaled(data.rates.write_p99_us, 1e-3), floor: scaled(data.rates.write_p50_us, 1e-3) },
      { label: 'p50', values: scaled(data.rates.write_p50_us, 1e-3) },
      { label: 'slowest', values: scaled(data.rates.write_max_us, 1e-3) }] }) },
  { id: 'exposure', title: 'Acknowledged writes at risk', height: 150, log: true,
    hint: 'acknowledged writes that would be lost if the primary lost power or was lost altogether; the maximum of each interval',
    of: () => ({ unit: 'count', grid: 'fine', lines: [
      { label: 'not flushed on the primary', values: known(data.exposed_entries && data.exposed_entries.high) },
      { label: 'received by no replica', values: known(data.unreplicated_entries && data.unreplicated_entries.high) }]
      .filter((l) => l.values.length) }) },
  { id: 'stale', title: 'Stale reads', height: 120,
    hint: 'reads per second that did not see a write acknowledged before they began',
    of: () => ({ unit: 'rate', grid: 'coarse', lines: [
      { label: 'stale reads', values: known(data.rates.stale_reads_per_s) }] }) },
  { id: 'lab', title: 'Reading of the lag metric', height: 220, log: true, errors: true, place: 'lab-plot',
    hint: 'hatched: wrong by more than a factor of two, or empty or zero while entries were missing',
    of: labChart },
];

// A lag metric together with the true lag.
const LAB_UNITS = { us: ['ms', 1e-3, 'time_us'], entries: ['count', 1, 'entries'], bytes: ['bytes', 1, 'bytes'] };
const labOf = () => (data.shown || []).find((s) => s.metric === state.metric && s.replica === state.replica);

function labChart() {
  const shown = labOf();
  if (!shown) return { unit: 'ms', lines: [], x: [] };
  const [unit, by, measure] = LAB_UNITS[shown.unit];
  const x = shown.values.map((_, i) => +((shown.begin_s || 0) + i * shown.interval_s).toFixed(6));
  const band = data.lag.find((l) => l.replica === shown.replica && l.stage === shown.stage && !l.down);
  const truth = x.map((t) => {
    const value = band && band[measure].high[Math.floor(t / data.bin_s + 1e-9)];
    return typeof value === 'number' ? value * by : null;
  });
  return { unit, x, lines: [{ label: `true ${shown.stage} lag`, values: truth }, { label: shown.label, values: scaled(shown.values, by) }] };
}

function contentOf(chart) {
  const content = chart.of();
  content.lines = content.lines.filter((l) => l.values.length && (!l.optional || l.values.some((v) => v)));
  if (!content.x) {
    const length = content.grid === 'fine' ? data.bin_s : data.coarse_bin_s;
    content.x = bins(Math.max(0, ...content.lines.map((l) => l.values.length)), length);
  }
  return content;
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

const dashOf = (line, i) => (line.down ? [2, 4] : DASHES[i % DASHES.length]);

function options(chart, content, width) {
  const format = UNITS[content.unit];
  const series = [{ label: 'time', value: (_, v) => (v === null ? '' : `${v.toFixed(3)} s`) }];
  const bands = [];
  content.lines.forEach((line, i) => {
    const stroke = line.down ? color('--faint') : color(HUES[i % HUES.length]);
    const dash = dashOf(line, i);
    const key = `${chart.id}/${line.label}`;
    series.push({ label: line.label, stroke, dash: dash.map((d) => d * (devicePixelRatio || 1)), show: !(state.hidden.has(key) ? state.hidden.get(key) : line.down),
      width: 1.6, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }),
      value: (_, v, __, i) => (i === null ? '' : v === null || v === undefined ? 'not known' : format(v)) });
    if (!line.floor) return;
    series.push({ label: `${line.label} least`, stroke: 'transparent', width: 0, points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }), class: 'floor' });
    bands.push({ series: [series.length - 2, series.length - 1], fill: `color-mix(in srgb, ${stroke} 16%, transparent)` });
  });
  const log = chart.log && state.log;
  // Leaves room above the lines for the strips of the faults.
  const headroom = 1.06 + chartBands.stripsHeight(data) / (chart.height - 60);
  const least = content.unit === 'ms' ? 0.01 : 1;  // the top of a chart in which nothing happened
  return {
    width, height: chart.height, series, bands,
    cursor: { sync: { key: 'replsim', scales: ['x', null] }, drag: { x: true, y: false, setScale: false },
      points: { size: 6 } },
    scales: {
      x: { time: false, range: () => (state.zoom ? [state.zoom.min, state.zoom.max] : [0, data.end_s]) },
      y: log ? { distr: 4, asinh: content.unit === 'ms' ? 0.1 : 1, range: (_, __, max) => [0, Math.max(max || 0, least) * 1.2] }
        : { range: (_, __, max) => [0, Math.max(max || 0, least) * headroom] },
    },
    axes: [
      { stroke: color('--faint'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') },
        values: (_, ticks) => ticks.map((t) => `${+t.toFixed(6)} s`) },
      { stroke: color('--faint'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') },
        size: 74, space: chart.height < 150 ? 16 : 30, values: (_, ticks) => ticks.map((t) => (t === null ? '' : format(t))) },
    ],
    hooks: {
      drawClear: [(plot) => {
        chartBands.draw(plot, data, color);
        if (chart.errors) chartBands.misled(plot, (labOf() || {}).errors || [], color);
      }],
      setCursor: [chartLegend.follow],
      setSeries: [(plot, i, { show }) => {
        if (show !== undefined && plot.series[i]) state.hidden.set(`${chart.id}/${plot.series[i].label}`, !show);
      }],
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
    pageTools.button(caption, 'Save as PNG', () => savePng(chart));
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
  chartLegend.dress(plot, [null, ...content.lines.flatMap((line, i) => (line.floor ? [dashOf(line, i), null] : [dashOf(line, i)]))]);
  let downAt = 0;
  plot.over.addEventListener('mousedown', (e) => { downAt = e.clientX; });
  plot.over.addEventListener('click', (e) => {
    if (Math.abs(e.clientX - downAt) < 3) showMoment(plot.posToVal(plot.cursor.left, 'x'));
  });
  plot.over.addEventListener('dblclick', () => zoom(null));
}

function savePng(chart) {
  const { plot, content } = plots.get(chart.id);
  const lines = content.lines.map((line, i) => ({ line, i, series: plot.series.find((s) => s.label === line.label) }))
    .filter(({ series }) => series.show)
    .map(({ line, i }) => ({ label: line.label, stroke: color(line.down ? '--faint' : HUES[i % HUES.length]), dash: dashOf(line, i) }));
  pageTools.saveChart(chart.title, plot.ctx.canvas, lines);
}

function showMoment(seconds) {
  state.moment = chartMoment.show($('moment'), data, seconds);
}

function buildAll() {
  CHARTS.slice(0, -1).forEach(build);
  addLab();
  buildLab();
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
  const worst = shown.reduce((a, b) => ((b.errors || []).length > (a.errors || []).length ? b : a));
  state.metric = worst.metric;
  state.replica = worst.replica;
  choice('lab-switches', 'Metric', 'metric', [...metrics.keys()], [...metrics.values()], buildLab);
  choice('lab-switches', 'of', 'replica', replicas, replicas, buildLab);
}

function buildLab() {
  const shown = labOf();
  build(CHARTS[CHARTS.length - 1]);
  const errors = shown ? (shown.errors || []) : [];
  const total = errors.reduce((sum, error) => sum + error.end_s - (error.begin_s || 0), 0);
  $('lab-text').textContent = shown ? `${shown.definition} ${errors.length ? `It was wrong ${errors.length === 1 ? 'once' : `${errors.length} times`}, for ${short(total)} s in total.` : 'It was never wrong in this run.'}` : '';
}

function addSwitches() {
  const lag = () => build(CHARTS[0]);
  choice('switches', 'Lag of the stage', 'stage', STAGES, STAGES, lag);
  choice('switches', 'measured in', 'measure', ['time_us', 'entries', 'bytes'], ['time', 'entries', 'bytes'], lag);
  const box = $('switches').appendChild(document.createElement('label'));
  const log = box.appendChild(document.createElement('input'));
  log.type = 'checkbox';
  log.id = 'switch-log';
  box.append('logarithmic scale');
  log.addEventListener('change', () => {
    state.log = log.checked;
    buildAll();
  });
  const reset = $('switches').appendChild(document.createElement('button'));
  reset.type = 'button';
  reset.textContent = 'Show the whole run';
  reset.addEventListener('click', () => zoom(null));
}

// --- following a run ---

const shownHtml = new Map();

addEventListener('replsim-update', ({ detail: update }) => {
  for (const [id, html] of Object.entries(update.sections)) {
    if (!$(id) || shownHtml.get(id) === html) continue;  // an unchanged section keeps its open folds
    shownHtml.set(id, html);
    // Made by the same code as the page itself: text in it is escaped.
    $(id).innerHTML = html;
  }
  pageTools.addCopyButtons();
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
// For tests and for the browser's console.
window.replsim = { plots, state, get data() { return data; } };
})();
