// The page of `replsim play`: sends each change to the server and shows the answer.
(() => {
'use strict';

const $ = (id) => document.getElementById(id);
const start = JSON.parse($('start').textContent);
const WAIT_MS = 40;  // for more changes of a slider that is being dragged

const results = new playResults.Results({ sentence: $('sentence'), before: $('before'), rows: $('rows'), plots: $('plots'), notes: $('notes') });
const controls = new playControls.Controls($('controls'), start, changed);
const faults = new playFaults.Faults({ placing: $('placing'), strip: $('strip'), list: $('faults'), menu: $('menu') }, () => changed('faults'));
let player = null;
let answer = null;   // of the settings shown
let before = null;   // of the settings before the last kind of change
let last = null;     // what was changed last
let timer = 0;
let asked = 0;

// One change of a slider is many small ones: the comparison is the setting before the first.
function changed(what) {
  if (what !== last) before = answer;
  last = what;
  clearTimeout(timer);
  timer = setTimeout(run, WAIT_MS);
}

function request() {
  const sets = [...controls.list(), ...faults.override()];
  return [sets.length, ...sets, start.yaml].join('\n');
}

async function run() {
  const mine = ++asked;
  document.body.classList.add('waiting');
  const began = performance.now();
  let response;
  try {
    response = await fetch('/run', { method: 'POST', body: request() });
  } catch {
    return tell(['replsim play has ended; start it again to go on.']);
  }
  if (response.status === 409 || mine !== asked) return undefined;
  document.body.classList.remove('waiting');
  if (response.status === 422) return tell((await response.json()).mistakes);
  if (!response.ok) return tell([await response.text()]);
  answer = await response.json();
  if (mine !== asked) return undefined;
  tell([]);
  show();
  window.replsimPlay = { answer, player, took_ms: performance.now() - began };
  return undefined;
}

// Why the settings cannot be run.
function tell(mistakes) {
  $('mistakes').hidden = mistakes.length === 0;
  $('mistakes').replaceChildren(...mistakes.map((text) => playControls.make('p', { textContent: text })));
}

function show() {
  controls.show(answer.knobs, answer.nodes);
  faults.show(answer);
  results.show(answer, before);
  if (!answer.replay.nodes) return;
  // The picture stays at the same time of the load.
  const at = player ? player.model.begin_ms * 1000 + player.at : null;
  const playing = player && player.playing;
  if (player) player.close();
  player = new replayPlayer.Player($('replay'), answer.replay);
  player.choose = (target, event) => {
    event.stopPropagation();  // or the click would close the menu
    faults.open(target, (player.model.begin_ms * 1000 + player.at) / 1000, event.pageX, event.pageY);
  };
  const { begin_ms: begin = 0, length_us: length, whole } = answer.replay;
  $('replay-why').textContent = whole ? 'The whole run.' : `${(length / 1000).toFixed(0)} ms from ${(begin / 1000).toFixed(3)} s, ${answer.replay.why}.`;
  if (at !== null) player.seek(Math.min(player.model.length, Math.max(0, at - player.model.begin_ms * 1000)));
  if (playing) player.play();
}

// --- what can be taken away ---

function say(text) { $('done').textContent = text; }

$('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(answer.yaml);
    say('Copied: save it as a file, and replsim run repeats this.');
  } catch {
    $('live-text').hidden = false;
    $('live-text').textContent = answer.yaml;
    say('The browser refused to copy; here it is.');
  }
});

$('live').addEventListener('click', async () => {
  $('live').disabled = true;
  say('Real processes are running …');
  try {
    const response = await fetch('/live', { method: 'POST', body: answer.yaml });
    $('live-text').hidden = false;
    $('live-text').textContent = await response.text();
    say('');
    if (response.ok) $('done').replaceChildren('Done: ', Object.assign(document.createElement('a'), { href: '/live-report', target: '_blank', textContent: 'its report' }));
  } catch (error) {
    say(String(error));
  }
  $('live').disabled = false;
});

$('share').addEventListener('click', async () => {
  const response = await fetch('/share', { method: 'POST', body: request() });
  if (!response.ok) return say(await response.text());
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([await response.text()], { type: 'text/html' }));
  link.download = 'replsim.html';
  link.click();
  URL.revokeObjectURL(link.href);
  return say('Saved: the file holds the report with the animation, and needs no network.');
});

run();
})();
