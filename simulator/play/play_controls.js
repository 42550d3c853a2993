// The settings of the page, as overrides of the scenario: PATH=VALUE, as --set takes them. A setting
// that the reader has not touched stays as the scenario has it.
const playControls = (() => {
'use strict';

const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// `steps`: the values of a slider. `to`: a value as the scenario has it; `from`: the reverse.
const unit = (suffix) => ({ to: (v) => `${v}${suffix}`, from: (text) => parseFloat(text) });
// "1.5ms", "200us", "1s" as ms.
function toMs(text) {
  const number = parseFloat(text);
  if (text.endsWith('us')) return number / 1000;
  return text.endsWith('ms') ? number : number * 1000;
}
const ms = { to: (v) => `${v}ms`, from: toMs };
const seconds = { to: (v) => `${v}s`, from: (text) => toMs(text) / 1000 };
const SLIDERS = [
  { group: 'Cluster', path: 'cluster.replicas', label: 'Replicas', steps: [1, 2, 3, 4, 5, 6, 7], ...unit('') },
  { group: 'Cluster', path: 'machine.flush', label: 'A flush takes', steps: [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], ...ms },
  { group: 'Load', path: 'workload.arrival.rate', label: 'Operations', steps: [20, 50, 100, 200, 500, 1000, 2000, 5000], ...unit('/s') },
  { group: 'Load', path: 'workload.clients', label: 'Clients', steps: [1, 2, 4, 8, 16, 32, 64], ...unit('') },
  { group: 'Load', path: 'duration', label: 'Duration', steps: [1, 2, 3, 4, 5, 8, 10, 20, 30, 60], ...seconds },
];
const CHOICES = [
  { group: 'Cluster', path: 'cluster.durability.sync', label: 'The log is flushed', values: ['every-write', 'every-batch', 'interval', 'os'] },
  { group: 'Reads', path: 'workload.read_from', label: 'Reads go to', values: ['primary', 'any-replica', 'any-node'] },
  { group: 'Failover', path: 'workload.find_primary', label: 'Clients find the primary', values: ['told', 'ask-nodes', 'proxy'] },
];
const DELAYS = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 35, 50, 75, 100, 150];
const SCALES = ['1', '0.1', '0.03', '0.01'];

const nearest = (steps, value) => steps.reduce((best, step, i) =>
  (Math.abs(step - value) < Math.abs(steps[best] - value) ? i : best), 0);

class Controls {
  constructor(place, start, changed) {
    this.sets = new Map(start.sets.map((set) => [set.slice(0, set.indexOf('=')), set.slice(set.indexOf('=') + 1)]));
    this.changed = changed;
    this.groups = new Map();
    this.place = place;
    this.shows = [];  // each updates a control from the settings of a run
    this.delays = new Map();
    place.addEventListener('submit', (event) => event.preventDefault());
    this.#modes(start.presets);
    for (const slider of SLIDERS) this.#slider(slider);
    for (const choice of CHOICES) this.#choice(choice);
    this.#mix();
    this.#elections(start.elections);
    this.delayPlace = this.#group('One way from the primary');
  }

  // The overrides, in the order in which they were first set.
  list() {
    const sets = [...this.sets].map(([path, value]) => `${path}=${value}`);
    return this.delays.size ? [...sets, `network=${this.#network()}`] : sets;
  }

  // Shows the settings of a run.
  show(knobs, nodes) {
    this.knobs = new Map(knobs);
    this.nodes = nodes;
    for (const show of this.shows) show();
    this.#showDelays();
  }

  value(path) { return this.knobs && this.knobs.has(path) ? this.knobs.get(path) : null; }

  set(path, value) {
    this.sets.set(path, value);
    this.changed(path);
  }

  #group(name) {
    if (!this.groups.has(name)) {
      const group = make('fieldset', {}, make('legend', { textContent: name }));
      this.place.append(group);
      this.groups.set(name, group);
    }
    return this.groups.get(name);
  }

  #modes(presets) {
    const group = this.#group('Mode');
    const families = new Map();
    for (const [name, summary] of presets) {
      const family = name.includes(':') ? name.split(':')[0] : 'replsim';
      families.set(family, [...(families.get(family) || []), [name, summary]]);
    }
    const family = make('select', { title: 'family of presets' });
    for (const name of families.keys()) family.append(make('option', { value: name, textContent: name }));
    const buttons = make('div', { className: 'play-modes' });
    const summary = make('small', { className: 'hint' });
    const draw = () => {
      const chosen = this.value('replication.preset');
      buttons.replaceChildren(...families.get(family.value).map(([name, text]) => {
        const button = make('button', { type: 'button', textContent: name.split(':').pop(), title: text });
        button.setAttribute('aria-pressed', String(name === chosen));
        button.addEventListener('click', () => this.set('replication.preset', name));
        return button;
      }));
      summary.textContent = (presets.find(([name]) => name === chosen) || ['', ''])[1];
    };
    family.addEventListener('change', draw);
    group.append(family, buttons, summary);
    this.shows.push(() => {
      const chosen = this.value('replication.preset') || '';
      family.value = chosen.includes(':') ? chosen.split(':')[0] : 'replsim';
      draw();
    });
    draw();
  }

  #range(group, label, steps, textOf, take) {
    const input = make('input', { type: 'range', min: 0, max: steps.length - 1, step: 1 });
    const output = make('output');
    const row = make('label', {}, label, output, input);
    input.addEventListener('input', () => {
      output.textContent = textOf(steps[input.value]);
      input.setAttribute('aria-valuetext', output.textContent);
      take(steps[input.value]);
    });
    group.append(row);
    return { row, show: (value, text) => {
      input.value = nearest(steps, value);
      output.textContent = text;
      input.setAttribute('aria-valuetext', text);
    } };
  }

  #slider({ group, path, label, steps, to, from }) {
    const range = this.#range(this.#group(group), label, steps, to, (value) => this.set(path, to(value)));
    this.shows.push(() => {
      const value = this.value(path);
      range.row.hidden = value === null && !this.sets.has(path) && path !== 'machine.flush';
      if (value !== null && document.activeElement !== range.row.querySelector('input')) range.show(from(value), value);
    });
  }

  #choice({ group, path, label, values }) {
    const select = make('select', {}, ...values.map((value) => make('option', { value, textContent: value })));
    select.addEventListener('change', () => this.set(path, select.value));
    this.#group(group).append(make('label', {}, label, select));
    this.shows.push(() => {
      const value = this.value(path);
      if (value === null) return;
      if (![...select.options].some((option) => option.value === value)) select.append(make('option', { value, textContent: value }));
      select.value = value;
    });
  }

  #mix() {
    const steps = [0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 1];
    const text = (share) => `${Math.round(share * 100)} %`;
    const range = this.#range(this.#group('Reads'), 'Writes among the operations', steps, text,
      (share) => this.set('workload.mix', `{write: ${share}, read: ${+(1 - share).toFixed(2)}}`));
    this.shows.push(() => {
      const share = parseFloat(this.value('workload.mix.write') || '1');
      range.show(share, text(share));
    });
  }

  #elections(presets) {
    const group = this.#group('Failover');
    const select = make('select', {}, ...presets.map(([name, text]) => make('option', { value: name, textContent: name, title: text })));
    select.addEventListener('change', () => this.set('failover.preset', select.value));
    const scale = make('select', {}, ...SCALES.map((value) => make('option', { value, textContent: value === '1' ? 'real times' : `times × ${value}` })));
    scale.addEventListener('change', () => {
      if (scale.value === '1') this.sets.delete('replication.scale_times');
      else this.sets.set('replication.scale_times', scale.value);
      this.changed('replication.scale_times');
    });
    group.append(make('label', {}, 'A new primary is elected as in', select), make('label', {}, 'Times of presets', scale));
    this.shows.push(() => {
      select.value = this.value('failover.preset') || 'manual';
      scale.value = this.sets.get('replication.scale_times') || '1';
    });
  }

  // --- links: a delay for each replica; between two replicas the longer one ---

  #showDelays() {
    const replicas = this.nodes.slice(1);
    if (this.delayPlace.children.length === replicas.length + 1) return;
    this.delayPlace.replaceChildren(this.delayPlace.firstChild);
    for (const id of replicas) {
      const range = this.#range(this.delayPlace, `to ${id}`, DELAYS, ms.to, (value) => {
        for (const other of this.nodes.slice(1)) if (!this.delays.has(other)) this.delays.set(other, this.#delayOf(other));
        this.delays.set(id, value);
        this.changed(`network.${id}`);
      });
      range.show(this.#delayOf(id), ms.to(this.#delayOf(id)));
    }
  }

  // From the primary to the replica, in ms, in the run shown.
  #delayOf(id) {
    if (this.delays.has(id)) return this.delays.get(id);
    for (let i = 0; this.knobs.has(`network[${i}]`); ++i) {
      const [, from, to, delay] = /from: (\[.*?\]|\w+), to: (\[.*?\]|\w+), delay: (\w+)/.exec(this.knobs.get(`network[${i}]`)) || [];
      const has = (list, node) => (list || '').split(/\W+/).includes(node);
      if (delay && has(from, this.nodes[0]) && has(to, id)) return toMs(delay);
    }
    return 0;
  }

  #network() {
    const links = [];
    const [primary, ...replicas] = this.nodes;
    const both = (a, b, delay) => links.push(`{from: ${a}, to: ${b}, delay: ${delay}ms}`, `{from: ${b}, to: ${a}, delay: ${delay}ms}`);
    replicas.forEach((id, i) => {
      const delay = this.delays.get(id) ?? 0;
      both(primary, id, delay);
      for (const other of replicas.slice(i + 1)) both(id, other, Math.max(delay, this.delays.get(other) ?? 0));
    });
    return `[${links.join(', ')}]`;
  }
}

return { Controls, make };
})();
