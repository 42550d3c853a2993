// The state of a cluster at any instant of a recorded window: positions, roles, messages on their
// way. Reads the data of protos/replay.proto and computes nothing that the recording does not hold.
const replayModel = (() => {
'use strict';

const NEVER = -1e9;
const KIND = { request: 1, batch: 2, ack: 3, answer: 4 };
const STAGES = ['receive', 'write', 'flush', 'apply'];
const NO_NODE = 65535;

// The index of the last element of an ascending list that is not above `at`; -1: none.
function lastAt(list, at) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const listed = (value) => value || [];

function nodesOf(data) {
  return listed(data.nodes).map((node, index) => ({
    index, id: node.id, witness: Boolean(node.witness),
    stages: listed(node.stages).map((s) => ({ at: listed(s.at_us), epoch: listed(s.epoch), lsn: listed(s.lsn) })),
    leads: listed(node.leads).map((l) => ({ begin: l.begin_us || 0, end: l.end_us, epoch: l.epoch })),
  }));
}

function writesOf(data) {
  const w = data.writes || {};
  return listed(w.client).map((client, index) => ({
    index, client, keys: w.keys[index], begin: w.begin_us[index], end: w.end_us[index],
    epoch: w.epoch[index], lsn: w.lsn[index], answer: w.answers[w.answer[index]],
    fate: w.fates[w.fate[index]], survived: w.fate_kinds[w.fate[index]] === 1,
    lost: w.fate_kinds[w.fate[index]] === 2, node: w.node[index],
  }));
}

function messagesOf(data) {
  const m = data.messages || {};
  return listed(m.kind).map((kind, index) => ({
    index, kind, node: m.node[index], peer: m.peer[index], sent: m.sent_us[index],
    received: m.received_us[index] === NEVER ? null : m.received_us[index],
    epoch: m.epoch[index], first: m.first_lsn[index], last: m.last_lsn[index], text: m.text[index],
  }));
}

const covers = (message, write) => message.epoch === write.epoch &&
  message.first <= write.lsn && write.lsn <= message.last;

class Model {
  constructor(data) {
    this.data = data;
    this.length = data.length_us;
    this.focus = data.focus_us || 0;
    this.begin_ms = data.begin_ms || 0;
    this.nodes = nodesOf(data);
    this.writes = writesOf(data);
    this.messages = messagesOf(data);
    this.faults = listed(data.faults).map((f) => ({ node: f.node || 0, peer: f.peer ?? null,
      what: f.what, begin: f.begin_us || 0, end: f.end_us, down: Boolean(f.down), cut: Boolean(f.cut) }));
    this.marks = listed(data.marks).map((m) => ({ at: m.at_us || 0, text: m.text, node: m.node ?? null }));
    this.clients = [...new Set(this.writes.map((w) => w.client))].sort((a, b) => a - b);
    this.lineages = new Map(listed(data.lineages).map((l) => [l.epoch, l]));
    this.byPosition = new Map(this.writes.filter((w) => w.epoch > 0).map((w) => [`${w.epoch}:${w.lsn}`, w]));
    this.sentAt = this.messages.map((m) => m.sent);
    this.requestMax = this.#longestRequest();
    this.longest = this.messages.reduce((most, m) => Math.max(most, (m.received ?? m.sent) - m.sent), 0);
    this.writesOfClient = new Map(this.clients.map((c) => [c, this.writes.filter((w) => w.client === c)]));
    this.events = this.#collectEvents();
    this.eventAt = this.events.map((e) => e.at);
  }

  // A request that took far longer than most did not travel for that long: its client had no primary
  // to send it to. The recording does not say when it left.
  #longestRequest() {
    const times = this.messages.filter((m) => m.kind === KIND.request && m.received !== null)
      .map((m) => m.received - m.sent).sort((a, b) => a - b);
    return times.length ? 20 * Math.max(times[times.length >> 1], 50) : 0;
  }
  #waited(message) { return message.kind === KIND.request && message.received - message.sent > this.requestMax; }

  // The position of a stage of a node; null before the first record.
  position(node, stage, at) {
    const steps = this.nodes[node].stages[stage];
    const index = steps ? lastAt(steps.at, at) : -1;
    return index < 0 ? null : { epoch: steps.epoch[index], lsn: steps.lsn[index] };
  }

  // The epoch of record `lsn` in a log whose end is of epoch `end`.
  epochOf(end, lsn) {
    const lineage = this.lineages.get(end);
    if (!lineage) return end;
    const part = lastAt(lineage.first_lsn, lsn);
    return part < 0 ? 0 : lineage.of[part];
  }

  // The write that record `lsn` of the node's log holds; null: none of this window.
  writeAt(node, lsn, at) {
    const end = this.position(node, 0, at);
    return end && lsn <= end.lsn ? this.byPosition.get(`${this.epochOf(end.epoch, lsn)}:${lsn}`) || null : null;
  }

  // Whether the stage of the node has passed the write.
  holds(node, stage, write, at) {
    const position = this.position(node, stage, at);
    return Boolean(position) && write.epoch > 0 && position.lsn >= write.lsn &&
      this.epochOf(position.epoch, write.lsn) === write.epoch;
  }

  newestLsn(at) {
    return this.nodes.reduce((most, n) => Math.max(most, this.position(n.index, 0, at)?.lsn || 0), 0);
  }

  // The epoch in which the node answers as the primary; 0: it does not.
  leadsAt(node, at) {
    const lead = this.nodes[node].leads.find((l) => l.begin <= at && at < l.end);
    return lead ? lead.epoch : 0;
  }

  faultsAt(at) { return this.faults.filter((f) => f.begin <= at && at < f.end); }
  isDown(node, at) { return this.faults.some((f) => f.down && f.node === node && f.begin <= at && at < f.end); }
  isCut(from, to, at) {
    return this.faults.some((f) => f.cut && f.node === from && f.peer === to && f.begin <= at && at < f.end);
  }

  // Messages that are on their way, each with the share of the way that it has made.
  inFlight(at) {
    const found = [];
    for (let i = lastAt(this.sentAt, at); i >= 0 && this.sentAt[i] >= at - this.longest; --i) {
      const message = this.messages[i];
      if (message.received === null || message.received <= at || this.#waited(message)) continue;
      found.push({ message, share: (at - message.sent) / (message.received - message.sent) });
    }
    return found;
  }

  // Messages without an arrival that left less than `for_us` ago.
  vanished(at, for_us) {
    const found = [];
    for (let i = lastAt(this.sentAt, at); i >= 0 && this.sentAt[i] > at - for_us; --i) {
      if (this.messages[i].received === null) found.push({ message: this.messages[i], age: (at - this.sentAt[i]) / for_us });
    }
    return found;
  }

  // The client's write that waits at this instant, or the last one that was answered.
  ofClient(client, at) {
    const own = this.writesOfClient.get(client);
    let found = null;
    for (const write of own) {
      if (write.begin > at) break;
      found = write;
    }
    return found;
  }

  // The moments in the life of a write, as `replsim explain` tells them.
  lifeOf(write) {
    const life = [{ at: write.begin, text: `client ${write.client} sent the write` }];
    if (write.end <= this.length) life.push({ at: write.end, text: `client ${write.client} was answered: ${write.answer}` });
    if (write.epoch > 0) this.#addStages(write, life);
    const from = Math.min(...life.map((m) => m.at));
    const to = Math.max(...life.map((m) => m.at));
    for (const mark of this.marks) {
      if (mark.at >= from && mark.at <= to) life.push({ at: mark.at, text: `— ${mark.text}` });
    }
    return life.sort((a, b) => a.at - b.at);
  }

  #addStages(write, life) {
    const leader = this.nodes.find((n) => n.leads.some((l) => l.epoch === write.epoch));
    for (const node of this.nodes) {
      node.stages.forEach((steps, stage) => {
        const first = steps.at.findIndex((at) => this.holds(node.index, stage, write, at));
        if (first < 0 || (first === 0 && steps.at[0] <= 0)) return;
        const name = stage === 0 && leader && node.index === leader.index ? 'append' : STAGES[stage];
        life.push({ at: steps.at[first], text: `${node.id} ${name}` });
        const gone = stage === 0 && steps.at.findIndex((at, i) => i > first && !this.holds(node.index, 0, write, at));
        if (stage === 0 && gone > 0) life.push({ at: steps.at[gone], text: `${node.id} no longer had it` });
      });
    }
    const sent = new Set();
    for (const m of this.messages) {
      if (m.kind === KIND.batch && covers(m, write) && !sent.has(m.peer)) {
        sent.add(m.peer);
        life.push({ at: m.sent, text: `${this.nodes[m.node].id} sent it to ${this.nodes[m.peer].id}` });
      }
      if (m.kind === KIND.answer && m.peer === write.index) {
        life.push({ at: m.sent, text: `${this.nodes[m.node].id} gate reached` });
      }
    }
  }

  // Whether the message carries the write.
  carries(message, write) {
    if (message.kind === KIND.batch) return covers(message, write);
    return (message.kind === KIND.request || message.kind === KIND.answer) && message.peer === write.index;
  }

  describe(message) {
    const node = this.nodes[message.node].id;
    if (message.kind === KIND.request) return `client ${this.writes[message.peer].client} → ${node}: ${message.text}`;
    if (message.kind === KIND.answer) return `${node} → client ${this.writes[message.peer].client}: ${message.text}`;
    const what = message.kind === KIND.ack ? 'has ' : 'records ';
    return `${node} → ${this.nodes[message.peer].id}: ${what}${message.text}`;
  }

  // All instants at which something happens, with a sentence for each.
  #collectEvents() {
    const events = this.marks.map((m) => ({ at: m.at, text: m.text, mark: true }));
    for (const m of this.messages) {
      events.push({ at: m.sent, text: this.describe(m), message: m });
      if (m.received !== null && m.received <= this.length) {
        events.push({ at: m.received, text: `${this.describe(m)} — arrived`, message: m });
      } else if (m.received === null && m.kind !== KIND.request) {
        events.push({ at: m.sent, text: `${this.describe(m)} — never arrived`, message: m });
      }
    }
    for (const node of this.nodes) {
      node.stages.forEach((steps, stage) => steps.at.forEach((at, i) => {
        if (at > 0) events.push({ at, text: `${node.id} ${STAGES[stage]} up to ${steps.epoch[i]}:${steps.lsn[i]}` });
      }));
    }
    for (const w of this.writes) {
      if (w.end <= this.length && w.fate && w.answer !== 'committed') {
        events.push({ at: w.end, text: `client ${w.client} was answered: ${w.answer}`, write: w });
      }
    }
    return events.filter((e) => e.at >= 0 && e.at <= this.length).sort((a, b) => a.at - b.at);
  }
}

return { Model, KIND, STAGES, NO_NODE, lastAt };
})();
