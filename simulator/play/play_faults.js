// The faults of the page: a strip of time on which they are placed, a list from which they are
// removed, and the menu that a click on the cluster opens.
const playFaults = (() => {
'use strict';

const { make } = playControls;

// What can be placed: {label, of: 'node' or 'link', text: the keys of the fault}.
const KINDS = [
  { label: 'kill', of: 'node', text: () => 'do: kill' },
  { label: 'power loss', of: 'node', text: () => 'do: power-loss' },
  { label: 'pause for 500 ms', of: 'node', text: () => 'do: pause, for: 500ms' },
  { label: 'isolate for 500 ms', of: 'node', text: () => 'do: isolate, for: 500ms' },
  { label: 'slow disk for 1 s (+20 ms)', of: 'node', text: () => 'do: slow-disk, delay: 20ms, for: 1s' },
  { label: 'slow applier for 1 s (+5 ms)', of: 'replica', text: () => 'do: slow-apply, apply_delay: 5ms, for: 1s' },
  { label: 'restart', of: 'node', text: () => 'do: restart' },
  { label: 'promote', of: 'replica', text: () => 'do: promote' },
  { label: 'partition for 500 ms', of: 'link', text: () => 'do: partition, for: 500ms' },
  { label: 'partition one way for 500 ms', of: 'link', text: () => 'do: partition, one_way: true, for: 500ms' },
  { label: 'delay of 50 ms for 500 ms', of: 'link', text: () => 'do: set-link, delay: 50ms, for: 500ms' },
];
const fits = (kind, target, primary) => (target.peer ? kind.of === 'link'
  : kind.of === 'node' || (kind.of === 'replica' && target.node !== primary));
const rounded = (at_ms) => `${Math.max(0, Math.round(at_ms))}ms`;

// "kill p at 1s": the keys of a fault as the resolved scenario writes them.
function describe(text) {
  const key = (name) => (new RegExp(`[{ ]${name}: ([^,{}[\\]]+|\\[[^\\]]*\\])`).exec(text) || [])[1];
  const when = /when: \{(\w+): ([^}]*)\}/.exec(text);
  const where = key('node') || (key('from') ? `${key('from')} ↔ ${key('to')}` : '');
  const at = !when ? '' : when[1] === 'at' ? `at ${when[2]}` : when[1] === 'after_previous' ? `${when[2]} after that` : `${when[1]} ${when[2]}`;
  return [key('do'), where, at, key('for') ? `for ${key('for')}` : ''].filter(Boolean).join(' ');
}

class Faults {
  // `changed` is called when faults were added or removed.
  constructor(places, changed) {
    Object.assign(this, places);  // placing, strip, list, menu: elements
    this.changed = changed;
    this.faults = null;  // null: as the scenario has them
    this.kind = make('select', { title: 'what happens' });
    this.target = make('select', { title: 'to whom' });
    this.at = make('input', { type: 'number', min: 0, step: 10, value: 500, title: 'ms since the load began' });
    this.at.style.width = '6em';
    const add = make('button', { type: 'button', textContent: 'Place' });
    add.addEventListener('click', () => this.#place(Number(this.at.value)));
    this.placing.append(make('label', {}, 'Fault: ', this.kind), make('label', {}, 'on ', this.target), make('label', {}, 'at ', this.at, ' ms'), add);
    this.target.addEventListener('change', () => this.#offerKinds());
    this.strip.addEventListener('click', (event) => {
      const box = this.strip.getBoundingClientRect();
      this.#place((event.clientX - box.left) / box.width * this.end_ms);
    });
    document.addEventListener('click', (event) => { if (!this.menu.contains(event.target)) this.menu.hidden = true; });
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.menu.hidden = true; });
  }

  override() { return this.faults === null ? [] : [`faults=[${this.faults.join(', ')}]`]; }

  show(answer) {
    this.shown = answer.knobs.filter(([path]) => /^faults\[\d+\]$/.test(path)).map(([, text]) => text);
    this.nodes = answer.nodes;
    this.end_ms = (answer.timeline.load_end_s || 1) * 1000;
    this.#offerTargets();
    this.#drawStrip(answer.timeline);
    this.list.replaceChildren(...this.shown.map((text, i) => {
      const remove = make('button', { type: 'button', textContent: '✕', title: 'remove this fault' });
      remove.setAttribute('aria-label', `remove ${describe(text)}`);
      remove.addEventListener('click', () => this.#remove(i));
      return make('li', { title: text }, describe(text), ' ', remove);
    }));
    if (!this.shown.length) this.list.append(make('li', { textContent: 'no faults ' }));
  }

  // The menu of a node {node} or a link {node, peer} at a point of the page; the fault happens at
  // `at_ms` of the load.
  open(target, at_ms, x, y) {
    const kinds = KINDS.filter((kind) => fits(kind, target, this.nodes[0]));
    const name = target.peer ? `${target.node} ↔ ${target.peer}` : target.node;
    this.menu.replaceChildren(make('p', { textContent: `${name} at ${rounded(at_ms)}` }), ...kinds.map((kind) => {
      const button = make('button', { type: 'button', textContent: kind.label });
      button.setAttribute('role', 'menuitem');
      button.addEventListener('click', () => { this.menu.hidden = true; this.#add(kind, target, at_ms); });
      return button;
    }));
    this.menu.style.left = `${Math.min(x, document.documentElement.clientWidth - 230)}px`;
    this.menu.style.top = `${y}px`;
    this.menu.hidden = false;
    this.menu.querySelector('button').focus();
  }

  #offerTargets() {
    const targets = [...this.nodes.map((node) => ({ node })),
      ...this.nodes.flatMap((node, i) => this.nodes.slice(i + 1).map((peer) => ({ node, peer })))];
    const before = this.target.value;
    if (this.target.options.length === targets.length) return;
    this.target.replaceChildren(...targets.map((target) => {
      const value = target.peer ? `${target.node} ${target.peer}` : target.node;
      return make('option', { value, textContent: target.peer ? `${target.node} ↔ ${target.peer}` : value });
    }));
    if ([...this.target.options].some((option) => option.value === before)) this.target.value = before;
    this.#offerKinds();
  }

  #chosen() {
    const [node, peer] = this.target.value.split(' ');
    return peer ? { node, peer } : { node };
  }

  #offerKinds() {
    const kinds = KINDS.filter((kind) => fits(kind, this.#chosen(), this.nodes[0]));
    this.kind.replaceChildren(...kinds.map((kind) => make('option', { value: kind.label, textContent: kind.label })));
  }

  #place(at_ms) { this.#add(KINDS.find((kind) => kind.label === this.kind.value), this.#chosen(), at_ms); }

  #add(kind, target, at_ms) {
    const where = target.peer ? `from: ${target.node}, to: ${target.peer}` : `node: ${target.node}`;
    this.#set([...this.shown, `{when: {at: ${rounded(at_ms)}}, ${kind.text()}, ${where}}`]);
  }

  // Faults that count from the removed one go with it.
  #remove(index) {
    let end = index + 1;
    while (end < this.shown.length && this.shown[end].includes('after_previous:')) ++end;
    this.#set([...this.shown.slice(0, index), ...this.shown.slice(end)]);
  }

  #set(faults) {
    this.faults = faults;
    this.changed();
  }

  #drawStrip(timeline) {
    const share = (s) => `${Math.min(100, 100 * s / (this.end_ms / 1000)).toFixed(2)}%`;
    const parts = (timeline.faults || []).map((fault) => {
      const band = make('span', { title: `${fault.on.join(', ')} ${fault.what}` });
      band.style.left = share(fault.begin_s || 0);
      band.style.right = `calc(100% - ${share(fault.end_s ?? 1e9)})`;
      return band;
    });
    for (const mark of timeline.marks || []) {
      const tick = make('i', { title: mark.text });
      tick.style.left = share(mark.time_s || 0);
      if ((mark.time_s || 0) * 1000 <= this.end_ms) parts.push(tick);
    }
    const end = make('b', { textContent: `${this.end_ms / 1000} s` });
    end.style.right = '4px';
    this.strip.replaceChildren(...parts, make('b', { textContent: '0' }), end);
  }
}

return { Faults };
})();
