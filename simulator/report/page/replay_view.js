// Draws a replayModel at one instant on a canvas: clients, nodes with their stages, links, messages.
const replayView = (() => {
'use strict';

const { KIND, STAGES } = replayModel;
const ROWS = ['append', 'write', 'flush', 'apply'];
const NAMES = ['--ink', '--faint', '--line', '--paper', '--panel', '--good', '--bad', '--warn', '--accent',
  '--s1', '--s2', '--s3', '--s4'];
const CLIENTS_MAX = 60;

function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name.slice(2), style.getPropertyValue(name).trim()]));
}

// Where everything is, for a drawing of this size. Nodes form a ring, so that all links are seen.
function layOut(width, model) {
  const count = Math.max(model.nodes.length, 1);
  const narrow = width < 620;
  const height = Math.min(760, (narrow ? 430 : 380) + Math.max(0, count - 5) * 22);
  const clients = narrow ? { x: 8, y: 8, w: width - 16, h: 62 } : { x: 8, y: 40, w: 112, h: height - 80 };
  const area = narrow ? { x: 4, y: 84, w: width - 8, h: height - 92 }
    : { x: 140, y: 6, w: width - 148, h: height - 12 };
  // Neighbours at the top and at the bottom of the ring must not overlap.
  const step = count > 2 ? 0.97 * Math.sin((2 * Math.PI) / Math.max(count, 4)) : 2;
  const card = { w: Math.max(58, Math.min(250, area.w * 0.44, (step * area.w) / (2 + step))), h: 0 };
  card.h = card.w < 100 ? 50 : 88;
  const rx = Math.max(0, (area.w - card.w) / 2);
  const ry = Math.max(0, (area.h - card.h) / 2);
  const nodes = model.nodes.map((_, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / count;
    return { x: area.x + area.w / 2 + rx * Math.cos(angle), y: area.y + area.h / 2 + ry * Math.sin(angle) };
  });
  return { width, height, clients, card, nodes, dots: dotsIn(clients, Math.min(model.clients.length, CLIENTS_MAX)) };
}

function dotsIn(box, count) {
  const top = 18;
  const size = Math.min(26, Math.sqrt((box.w * (box.h - top)) / Math.max(count, 1)));
  const columns = Math.max(1, Math.floor(box.w / size));
  return { radius: size * 0.36, of: Array.from({ length: count }, (_, i) => ({
    x: box.x + size * (0.5 + (i % columns)), y: box.y + top + size * (0.5 + Math.floor(i / columns)) })) };
}

// From a point to the line between a and b.
function distanceTo(a, b, x, y) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}

class View {
  constructor(canvas, model) {
    this.canvas = canvas;
    this.model = model;
    this.context = canvas.getContext('2d');
    this.followed = null;
    this.places = null;
    this.cells = [];  // drawn records, for clicks: {x, y, w, h, write}
    this.colors = palette();
  }

  resize() {
    const width = Math.max(300, this.canvas.parentElement.clientWidth);
    const ratio = window.devicePixelRatio || 1;
    this.places = layOut(width, this.model);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.places.height * ratio);
    this.canvas.style.height = `${this.places.height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colors = palette();
  }

  draw(at) {
    const { context, places } = this;
    context.clearRect(0, 0, places.width, places.height);
    this.cells = [];
    this.newest = this.model.newestLsn(at);
    this.#links(at);
    for (const flying of this.model.inFlight(at)) this.#message(flying);
    for (const gone of this.model.vanished(at, this.model.length / 60)) this.#vanished(gone);
    this.#clients(at);
    this.model.nodes.forEach((node) => this.#node(node, at));
  }

  // The write drawn at a point of the canvas; null: none.
  writeAt(x, y) {
    const hit = this.cells.find((c) => x >= c.x && x <= c.x + c.w && y >= c.y && y <= c.y + c.h);
    return hit ? hit.write : null;
  }

  // The ids of the node {node} or of the two ends of the link {node, peer} at a point; null: none.
  targetAt(x, y) {
    const { nodes, card } = this.places;
    const hit = nodes.findIndex((n) => Math.abs(x - n.x) <= card.w / 2 && Math.abs(y - n.y) <= card.h / 2);
    const id = (i) => this.model.nodes[i].id;
    if (hit >= 0) return { node: id(hit) };
    for (let i = 0; i < nodes.length; ++i) {
      for (let k = i + 1; k < nodes.length; ++k) {
        if (distanceTo(nodes[i], nodes[k], x, y) < 9) return { node: id(i), peer: id(k) };
      }
    }
    return null;
  }

  #stroke(color, width, dash = []) {
    this.context.strokeStyle = color;
    this.context.lineWidth = width;
    this.context.setLineDash(dash);
  }

  #text(text, x, y, color, font = '12px system-ui, sans-serif', align = 'left') {
    this.context.font = font;
    this.context.fillStyle = color;
    this.context.textAlign = align;
    this.context.fillText(text, x, y);
  }

  #line(a, b) {
    this.context.beginPath();
    this.context.moveTo(a.x, a.y);
    this.context.lineTo(b.x, b.y);
    this.context.stroke();
  }

  #links(at) {
    const { nodes } = this.model;
    for (let i = 0; i < nodes.length; ++i) {
      for (let k = i + 1; k < nodes.length; ++k) {
        const cut = this.model.isCut(i, k, at) || this.model.isCut(k, i, at);
        const used = this.model.leadsAt(i, at) || this.model.leadsAt(k, at);
        if (!cut && !used) continue;
        this.#stroke(cut ? this.colors.bad : this.colors.line, cut ? 2 : 1.5, cut ? [6, 5] : []);
        this.#line(this.places.nodes[i], this.places.nodes[k]);
        if (cut) this.#cross(i, k);
      }
    }
  }

  #cross(i, k) {
    const a = this.places.nodes[i];
    const b = this.places.nodes[k];
    this.#text('✕', (a.x + b.x) / 2, (a.y + b.y) / 2 + 6, this.colors.bad, 'bold 18px system-ui, sans-serif', 'center');
  }

  #ends(message) {
    const node = this.places.nodes[message.node];
    if (message.kind === KIND.batch || message.kind === KIND.ack) return [node, this.places.nodes[message.peer]];
    const client = this.model.clients.indexOf(this.model.writes[message.peer].client);
    const box = this.places.clients;
    const dot = this.places.dots.of[client] || { x: box.x + box.w / 2, y: box.y + box.h - 6 };
    return message.kind === KIND.request ? [dot, node] : [node, dot];
  }

  #colorOf(message) {
    return { [KIND.request]: this.colors.s3, [KIND.batch]: this.colors.s1, [KIND.ack]: this.colors.s2,
      [KIND.answer]: this.colors.good }[message.kind];
  }

  #message({ message, share }) {
    const [from, to] = this.#ends(message);
    const x = from.x + (to.x - from.x) * share;
    const y = from.y + (to.y - from.y) * share;
    const followed = this.followed && this.model.carries(message, this.followed);
    const records = message.kind === KIND.batch ? message.last - message.first + 1 : 1;
    const radius = (message.kind === KIND.ack ? 3 : 4) + Math.min(6, Math.log2(records)) + (followed ? 3 : 0);
    if (followed) {
      this.#stroke(this.colors.s4, 1.5, [4, 4]);
      this.#line(from, to);
    }
    this.context.fillStyle = followed ? this.colors.s4 : this.#colorOf(message);
    this.context.beginPath();
    if (message.kind === KIND.batch) this.context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.fill();
    if (followed) this.#text(message.text, x + radius + 4, y + 4, this.colors.s4, 'bold 12px system-ui, sans-serif');
  }

  // A message that never arrived fades where it left.
  #vanished({ message, age }) {
    if (message.kind === KIND.request) return;
    const [from, to] = this.#ends(message);
    const share = 0.2 + 0.15 * age;
    this.context.globalAlpha = 1 - age;
    this.#text('✕', from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share + 4, this.colors.bad,
      'bold 12px system-ui, sans-serif', 'center');
    this.context.globalAlpha = 1;
  }

  colorOfWrite(write, at) {
    if (!write) return this.colors.faint;
    if (at < write.end) return this.colors.s1;
    if (write.lost) return this.colors.bad;
    return write.answer.startsWith('committed') ? this.colors.good : this.colors.warn;
  }

  #clients(at) {
    const { clients: box, dots } = this.places;
    const { clients } = this.model;
    const left_out = clients.length - dots.of.length;
    this.#text(`clients${left_out > 0 ? ` (+${left_out})` : ''}`, box.x, box.y + 10, this.colors.faint);
    dots.of.forEach((dot, i) => {
      const write = this.model.ofClient(clients[i], at);
      const waits = write && at < write.end;
      this.context.beginPath();
      this.context.arc(dot.x, dot.y, dots.radius, 0, 2 * Math.PI);
      this.context.fillStyle = write ? this.colorOfWrite(write, at) : this.colors.panel;
      this.context.globalAlpha = waits || !write ? 1 : 0.55;
      this.context.fill();
      this.context.globalAlpha = 1;
      if (this.followed && this.followed.client === clients[i]) {
        this.#stroke(this.colors.s4, 2.5);
        this.context.stroke();
      }
      if (dots.radius >= 8) {
        this.#text(String(clients[i]), dot.x, dot.y + 3.5, write ? this.colors.paper : this.colors.faint,
          '9.5px system-ui, sans-serif', 'center');
      }
      if (write) this.cells.push({ x: dot.x - dots.radius, y: dot.y - dots.radius, w: 2 * dots.radius, h: 2 * dots.radius, write });
    });
  }

  #roleOf(node, at) {
    if (this.model.isDown(node.index, at)) {
      return this.model.faultsAt(at).find((f) => f.down && f.node === node.index).what;
    }
    if (node.witness) return 'witness';
    const epoch = this.model.leadsAt(node.index, at);
    return epoch ? `primary · epoch ${epoch}` : 'replica';
  }

  #node(node, at) {
    const { card } = this.places;
    const x = this.places.nodes[node.index].x - card.w / 2;
    const y = this.places.nodes[node.index].y - card.h / 2;
    const down = this.model.isDown(node.index, at);
    const leads = this.model.leadsAt(node.index, at) > 0;
    this.context.fillStyle = this.colors.panel;
    this.context.beginPath();
    this.context.roundRect(x, y, card.w, card.h, 7);
    this.context.fill();
    const edge = down ? this.colors.bad : leads ? this.colors.accent : this.colors.line;
    this.#stroke(edge, leads || down ? 2.5 : 1.5, down ? [5, 4] : []);
    this.context.stroke();
    this.context.setLineDash([]);
    const small = card.h < 60;
    this.#text(node.id, x + 7, y + 15, this.colors.ink, 'bold 12px system-ui, sans-serif');
    const role = this.#fitted(this.#roleOf(node, at), card.w - 12 - 9 * node.id.length - 6);
    this.#text(role, x + card.w - 6, y + 15, down ? this.colors.bad : this.colors.faint, '11px system-ui, sans-serif', 'right');
    if (node.stages.length > 0) this.#stages(node, at, { x: x + 6, y: y + 21, w: card.w - 12, h: card.h - 26 }, small, down);
    const fault = this.model.faultsAt(at).find((f) => !f.down && !f.cut && f.peer === null && f.node === node.index);
    if (fault) this.#text(`⚠ ${this.#fitted(fault.what, card.w - 14)}`, x + 4, y + card.h + 12, this.colors.warn, '11px system-ui, sans-serif');
  }

  #fitted(text, width) {
    this.context.font = '11px system-ui, sans-serif';
    let fitted = text;
    while (fitted.length > 1 && this.context.measureText(fitted).width > width) fitted = `${fitted.slice(0, -2)}…`;
    return fitted;
  }

  // A column for each of the newest records of the cluster, a row for each stage. The same column
  // is the same LSN on all nodes, so a gap on the right is lag.
  #stages(node, at, box, small, down) {
    const names = small ? 0 : 44;
    const row = box.h / (small ? 4 : 4.9);
    const columns = Math.max(4, Math.floor((box.w - names) / Math.max(6, row * 0.85)));
    const width = (box.w - names) / columns;
    const ends = node.stages.map((_, stage) => this.model.position(node.index, stage, at));
    this.context.globalAlpha = down ? 0.45 : 1;
    for (let stage = 0; stage < STAGES.length; ++stage) {
      const y = box.y + stage * row;
      if (!small) this.#text(stage === 0 && !this.model.leadsAt(node.index, at) ? 'receive' : ROWS[stage], box.x, y + row - 3, this.colors.faint, '9.5px system-ui, sans-serif');
      for (let i = 0; i < columns; ++i) {
        const lsn = this.newest - columns + 1 + i;
        if (lsn < 1) continue;
        this.#cell(node, stage, lsn, at, ends[stage], { x: box.x + names + i * width, y, w: width - 1.5, h: row - 1.5 });
      }
    }
    this.context.globalAlpha = 1;
    if (!small && ends[0]) {
      const behind = this.newest - ends[0].lsn;
      const text = `log ends at ${ends[0].epoch}:${ends[0].lsn}${behind > 0 ? ` · ${behind} behind` : ''}`;
      this.#text(this.#fitted(text, box.w), box.x, box.y + box.h, behind > 0 ? this.colors.warn : this.colors.faint, '9.5px system-ui, sans-serif');
    }
  }

  #cell(node, stage, lsn, at, end, box) {
    const passed = end && end.lsn >= lsn;
    const write = passed ? this.model.writeAt(node.index, lsn, at) : null;
    if (passed) {
      this.context.fillStyle = this.colorOfWrite(write, at);
      this.context.fillRect(box.x, box.y, box.w, box.h);
    } else {
      this.#stroke(this.colors.line, 0.8);
      this.context.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
    }
    if (!write) return;
    this.cells.push({ ...box, write });
    if (write !== this.followed) return;
    this.#stroke(this.colors.s4, 2);
    this.context.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
  }
}

return { View };
})();
