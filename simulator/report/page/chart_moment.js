// A table of what each node held at the clicked moment.
const chartMoment = (() => {
'use strict';

const STAGES = ['receive', 'write', 'flush', 'apply'];

function at(data, seconds) {
  const bin = Math.min(Math.max(Math.floor(seconds / data.bin_s + 1e-9), 0),
    Math.max(...(data.positions || []).map((p) => p.lsn_delta.length), 1) - 1);
  const rows = (data.nodes || []).map((node) => {
    const row = { node, lsn: {}, lag: {} };
    for (const p of data.positions || []) {
      if (p.node !== node) continue;
      let lsn = 0;
      for (let i = 0; i <= bin && i < p.lsn_delta.length; ++i) lsn += p.lsn_delta[i];
      row.lsn[p.stage] = lsn;
    }
    for (const l of data.lag || []) {
      if (l.replica === node && typeof l.entries.high[bin] === 'number') row.lag[l.stage] = l.entries.high[bin];
    }
    return row;
  });
  return { seconds: bin * data.bin_s, rows };
}

function cell(row, kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  row.appendChild(element);
}

function show(panel, data, seconds) {
  const moment = at(data, seconds);
  panel.replaceChildren();
  const heading = panel.appendChild(document.createElement('h3'));
  heading.textContent = `At ${moment.seconds.toFixed(3)} s each node held the log up to this LSN`;
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
  const active = (data.faults || []).filter((f) => (f.begin_s || 0) <= moment.seconds && (f.end_s === undefined || f.end_s > moment.seconds));
  const faults = panel.appendChild(document.createElement('p'));
  faults.textContent = active.length ? `Active faults: ${active.map((f) => `${f.on.join(', ')} ${f.what}`).join('; ')}` : 'No fault was active.';
  return moment.seconds;
}

return { at, show, STAGES };
})();
