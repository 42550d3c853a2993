// The results of a run beside those of the setting before: a sentence, a table and two charts.
const playResults = (() => {
'use strict';

const { make } = playControls;
const known = (values) => (values || []).map((value) => (typeof value === 'number' ? value : null));
const times = (count, bin_s) => Array.from({ length: count }, (_, i) => +(i * bin_s).toFixed(6));
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Of the time of the load: a node that comes back when it has ended has all of it to catch up with,
// and would be all that a chart shows.
const during = (timeline, bin, values) => ({ bin, values: values.slice(0, Math.ceil(timeline.load_end_s / bin)) });

// The highest lag of any replica that was up, in each bin.
function worstLag(timeline) {
  const bands = (timeline.lag || []).filter((band) => band.stage === 'apply' && !band.down);
  const lists = bands.map((band) => known(band.entries.high));
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, i) => {
    const values = lists.map((list) => list[i]).filter((value) => value !== null && value !== undefined);
    return values.length ? Math.max(...values) : null;
  });
}

const GROUPS_SHOWN = 3;  // lost, latency, availability

const CHARTS = [
  { title: 'Writes committed per second', of: (t) => during(t, t.coarse_bin_s, known((t.rates || {}).writes_per_s)) },
  { title: 'Records that the slowest replica had not applied', of: (t) => during(t, t.bin_s, worstLag(t)) },
];

class Results {
  constructor(places) {
    Object.assign(this, places);  // sentence, before, rows, plots, notes: elements
    this.drawn = [];
    new ResizeObserver(() => this.#resize()).observe(this.plots);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#charts());
  }

  show(now, before) {
    this.now = now;
    this.old = before;
    this.sentence.textContent = now.sentence;
    this.sentence.classList.toggle('failed', /were lost|was lost|violated/.test(now.sentence) && !now.sentence.startsWith('No '));
    this.before.textContent = before ? `Before the change: ${before.sentence}` : 'Move a slider, choose a mode or place a fault: the results before the change stay beside the new ones.';
    this.#table();
    this.#charts();
    this.notes.replaceChildren(...now.notes.map((note) => make('li', { textContent: note })));
  }

  // The first groups of rows; the others can be unfolded.
  #table() {
    const folded = this.rows.querySelector('details');
    const groups = [];
    for (const [label, value] of this.now.rows) {
      if (value === null) groups.push({ title: label, rows: [] });
      else groups[groups.length - 1].rows.push([label, value]);
    }
    const more = make('details', { open: Boolean(folded && folded.open) }, make('summary', { textContent: 'All numbers' }),
      this.#groups(groups.slice(GROUPS_SHOWN)));
    this.rows.replaceChildren(this.#groups(groups.slice(0, GROUPS_SHOWN)), more);
  }

  #groups(groups) {
    const old = new Map(this.old ? this.old.rows : []);
    const body = make('tbody');
    for (const { title, rows } of groups) {
      body.append(make('tr', { className: 'group' }, make('th', { textContent: title }),
        ...(this.old ? [make('td', { textContent: 'before' })] : []), make('td', { textContent: 'now' })));
      for (const [label, value] of rows) {
        const row = make('tr', { className: this.old && old.get(label) !== value ? 'changed' : '' }, make('th', { scope: 'row', textContent: label }));
        if (this.old) row.append(make('td', { textContent: old.get(label) ?? '-' }));
        row.append(make('td', { textContent: value }));
        body.append(row);
      }
    }
    return make('table', {}, body);
  }

  #charts() {
    if (!this.now) return;
    for (const plot of this.drawn) plot.destroy();
    this.plots.replaceChildren();
    this.drawn = CHARTS.map((chart) => this.#chart(chart));
  }

  #chart(chart) {
    const now = chart.of(this.now.timeline);
    const old = this.old ? chart.of(this.old.timeline) : null;
    const data = [times(now.values.length, now.bin), now.values];
    const series = [{}, { label: 'now', stroke: color('--s1'), width: 2, points: { show: false } }];
    // Both on the time axis of the new run; the old one may have other bins.
    if (old) {
      data.push(data[0].map((s) => old.values[Math.round(s / old.bin)] ?? null));
      series.push({ label: 'before', stroke: color('--faint'), width: 1.5, dash: [5, 4], points: { show: false } });
    }
    const place = make('figure', { className: 'plot' }, make('figcaption', {}, chart.title, make('small', { textContent: old ? ' — solid: now, dashed: before' : '' })));
    this.plots.append(place);
    const axis = { stroke: color('--ink'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') } };
    return new uPlot({ width: this.#width(), height: 150, scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(high || 0, 1) * 1.05] } },
      series, axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`) }, { ...axis, size: 56 }], cursor: { drag: { x: false, y: false } }, legend: { show: false } }, data, place);
  }

  #width() { return Math.max(240, this.plots.clientWidth); }
  #resize() { for (const plot of this.drawn) plot.setSize({ width: this.#width(), height: 150 }); }
}

return { Results };
})();
