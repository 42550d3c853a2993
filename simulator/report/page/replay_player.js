// Plays a replayModel: time, speed, steps and a followed write. The picture is replay_view.js.
const replayPlayer = (() => {
'use strict';

const { Model, lastAt } = replayModel;
// ms of the cluster for each second of the picture.
const SPEEDS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const SLOWED = 10;  // around the focus, if asked for
const LIFE_MAX = 40;

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const milliseconds = (us) => `${(us / 1000).toFixed(3)} ms`;

// The whole window in about half a minute.
function speedFor(length_us) {
  return SPEEDS.find((speed) => length_us / 1000 / speed <= 30) || SPEEDS[SPEEDS.length - 1];
}

class Player {
  constructor(place, data) {
    this.model = new Model(data);
    this.at = Math.max(0, this.model.focus - this.model.length / 50);
    this.playing = false;
    this.shown = -1;  // index of the last event at or before `at`
    this.#build(place);
    this.view = new replayView.View(this.canvas, this.model);
    this.resized = new ResizeObserver(() => this.#redraw(true));
    this.resized.observe(this.stage);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.recolor = () => this.#redraw(true);
    this.scheme.addEventListener('change', this.recolor);
    const focus = data.focus_write;
    if (focus !== undefined) this.follow(this.model.writes[focus]);
    this.seek(this.at);
  }

  // Ends the animation and frees what it listens to.
  close() {
    this.playing = false;
    this.resized.disconnect();
    this.scheme.removeEventListener('change', this.recolor);
  }

  #build(place) {
    this.canvas = element('canvas', { tabIndex: 0 });
    this.canvas.setAttribute('role', 'img');
    this.stage = element('div', { className: 'replay-stage' }, this.canvas);
    this.button = this.#tool('▶ Play', 'Space', () => this.toggle());
    this.speed = element('select', { title: 'speed' });
    for (const speed of SPEEDS) this.speed.append(element('option', { value: speed, textContent: `${speed} ms per second` }));
    this.speed.value = speedFor(this.model.length);
    this.slow = element('input', { type: 'checkbox', checked: true });
    this.time = element('output', { className: 'replay-time' });
    this.range = element('input', { type: 'range', min: 0, max: this.model.length, step: 1, className: 'replay-range' });
    this.range.setAttribute('aria-label', 'time in the window');
    this.range.addEventListener('input', () => { this.pause(); this.seek(Number(this.range.value)); });
    this.track = element('div', { className: 'replay-track' });
    this.#markTrack();
    this.now = element('p', { className: 'replay-now' });
    this.now.setAttribute('aria-live', 'polite');
    this.life = element('div', { className: 'replay-life' });
    place.replaceChildren(this.stage,
      element('div', { className: 'replay-bar' }, this.#tool('← Back', 'Left arrow: the previous event', () => this.step(-1)), this.button,
        this.#tool('Step →', 'Right arrow: the next event', () => this.step(1)),
        this.#tool('Focus', 'F: the moment that matters', () => { this.pause(); this.seek(this.model.focus); }),
        element('label', {}, 'speed ', this.speed), element('label', {}, this.slow, ` slower around the focus (1/${SLOWED})`), this.time),
      this.range, this.track, this.now, this.life);
    place.addEventListener('keydown', (event) => this.#key(event));
    this.canvas.addEventListener('click', (event) => this.#click(event));
  }

  // Follows the write under the pointer. A page that sets `choose` hears of nodes and links.
  #click(event) {
    const write = this.view.writeAt(event.offsetX, event.offsetY);
    const target = write ? null : this.view.targetAt(event.offsetX, event.offsetY);
    if (target && this.choose) this.choose(target, event);
    else this.follow(write);
  }

  #tool(text, title, act) {
    const made = element('button', { type: 'button', textContent: text, title });
    made.addEventListener('click', act);
    return made;
  }

  // Faults as bands and instants as ticks under the time.
  #markTrack() {
    const share = (us) => `${(100 * Math.min(1, Math.max(0, us / this.model.length))).toFixed(3)}%`;
    for (const fault of this.model.faults) {
      const band = element('span', { className: fault.down ? 'down' : 'fault', title: `${this.model.nodes[fault.node].id}${fault.peer === null ? '' : ` → ${this.model.nodes[fault.peer].id}`}: ${fault.what}` });
      band.style.left = share(fault.begin);
      band.style.right = `calc(100% - ${share(fault.end)})`;
      this.track.append(band);
    }
    for (const mark of this.model.marks) {
      const tick = element('i', { title: `${this.#ofLoad(mark.at)}: ${mark.text}` });
      tick.style.left = share(mark.at);
      this.track.append(tick);
    }
  }

  #key(event) {
    if (event.target.matches('select, input:not([type=range])')) return;
    const steps = event.shiftKey ? 10 : 1;
    const acts = { ' ': () => this.toggle(), ArrowRight: () => this.step(steps), ArrowLeft: () => this.step(-steps),
      Home: () => this.seek(0), End: () => this.seek(this.model.length), f: () => this.seek(this.model.focus),
      '+': () => this.#faster(1), '-': () => this.#faster(-1), Escape: () => this.follow(null) };
    const act = acts[event.key];
    if (!act || (event.key === ' ' && event.target.matches('button'))) return;
    event.preventDefault();
    act();
  }

  #faster(by) {
    this.speed.selectedIndex = Math.min(SPEEDS.length - 1, Math.max(0, this.speed.selectedIndex + by));
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  pause() {
    this.playing = false;
    this.button.textContent = '▶ Play';
  }

  play() {
    if (this.at >= this.model.length) this.at = 0;
    this.playing = true;
    this.button.textContent = 'Pause';
    // Without motion the picture jumps from event to event.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.#jump();
    else requestAnimationFrame((now) => this.#frame(now, now));
  }

  #jump() {
    if (!this.playing) return;
    if (!this.#moveBy(1)) return this.pause();
    setTimeout(() => this.#jump(), 700);
  }

  #frame(before, now) {
    if (!this.playing) return;
    const near = Math.abs(this.at - this.model.focus) < this.model.length * 0.03;
    const speed = Number(this.speed.value) / (near && this.slow.checked ? SLOWED : 1);
    this.seek(Math.min(this.model.length, this.at + (now - before) * speed));
    if (this.at >= this.model.length) return this.pause();
    requestAnimationFrame((next) => this.#frame(now, next));
  }

  step(count) {
    this.pause();
    this.#moveBy(count);
  }

  // Moves to the next instant with an event, or to the previous one. Returns false at the end.
  #moveBy(count) {
    const { eventAt } = this.model;
    for (let i = 0; i < Math.abs(count); ++i) {
      const last = lastAt(eventAt, this.at);
      const next = count > 0 ? last + 1 : lastAt(eventAt, this.at - 1);
      if (next < 0 || next >= eventAt.length) return false;
      this.seek(eventAt[next]);
    }
    return true;
  }

  seek(at) {
    this.at = at;
    this.range.value = at;
    this.time.textContent = `${this.#ofLoad(at)} of the load`;
    this.range.setAttribute('aria-valuetext', this.time.textContent);
    this.#tell();
    this.#redraw(false);
  }

  #ofLoad(at) { return milliseconds(this.model.begin_ms * 1000 + at); }

  // The events of the last instant. A screen reader would be flooded while the picture plays.
  #tell() {
    const last = lastAt(this.model.eventAt, this.at);
    if (last === this.shown) return;
    this.shown = last;
    this.now.setAttribute('aria-live', this.playing ? 'off' : 'polite');
    const texts = [];
    for (let i = last; i >= 0 && this.model.eventAt[i] === this.model.eventAt[last] && texts.length < 4; --i) {
      texts.unshift(this.model.events[i].text);
    }
    this.now.textContent = texts.length ? `${this.#ofLoad(this.model.eventAt[last])}: ${texts.join(' · ')}` : 'Nothing has happened yet.';
  }

  // Follows one write: marks it everywhere and lists its life. Null: none.
  follow(write) {
    this.view.followed = write;
    this.life.replaceChildren();
    if (write) this.#showLife(write);
    this.#redraw(false);
  }

  #showLife(write) {
    const place = write.epoch > 0 ? `${write.epoch}:${write.lsn} ` : '';
    const list = element('ol');
    for (const moment of this.model.lifeOf(write).slice(0, LIFE_MAX)) {
      const go = this.#tool(milliseconds(moment.at - write.begin), 'show this moment', () => { this.pause(); this.seek(Math.max(0, moment.at)); });
      list.append(element('li', {}, go, ` ${moment.text}`));
    }
    this.life.append(element('p', {}, element('b', { textContent: `${place}key ${write.keys}` }), ` · client ${write.client} · ${write.fate} `,
      this.#tool('Stop following', 'Escape', () => this.follow(null))), list);
  }

  #redraw(resize) {
    if (!this.view) return;
    if (resize || !this.view.places) this.view.resize();
    this.view.draw(this.at);
    const led = this.model.nodes.filter((n) => this.model.leadsAt(n.index, this.at)).map((n) => n.id);
    this.canvas.setAttribute('aria-label', `The cluster at ${this.time.textContent}: ${led.length ? `${led.join(' and ')} answers as the primary` : 'no node answers as the primary'}`);
  }
}

return { Player };
})();
