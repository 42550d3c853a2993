// The animation of a report page, from the data in the page. It takes the place of the drawing of
// messages, which remains for print.
(() => {
'use strict';

const place = document.getElementById('replay');
let player = null;

function show(data) {
  if (player) player.close();
  document.getElementById('animation').hidden = false;
  document.body.classList.add('animated');
  const { begin_ms: begin = 0, length_us: length } = data;
  document.getElementById('replay-why').textContent = data.whole ? 'The whole run.'
    : `${(length / 1000).toFixed(1)} ms from ${(begin / 1000).toFixed(3)} s of the load, ${data.why}.`;
  player = new replayPlayer.Player(place, data);
  window.replsimReplay = player;  // for tests and for the browser's console
}

const embedded = JSON.parse(document.getElementById('replay-data').textContent);
if (embedded.nodes) show(embedded);
addEventListener('replsim-update', ({ detail: update }) => { if (update.replay) show(update.replay); });
})();
