// How quickly the page of `replsim play` answers, and how smoothly it animates 20 nodes, in Debian's
// Chromium without a window or a graphics card (`./dev bench play`). ROUNDS=10 is how often each
// slider is moved and moved back. An answer is timed from the change of a slider to the page that
// shows it, with the 40 ms in which the page waits for more changes. Frames are those that the
// browser asks for while the animation plays, and `draw` is the page's own part of each.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, replsim } from '../browser/browser.js';

const ROUNDS = Number(process.env.ROUNDS || 10);
const PLAY_MS = 5000;

const quantile = (values, share) => {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)];
};
const cells = (values, digits) => values.map((v) => (typeof v === 'string' ? v : v.toFixed(digits)).padStart(12)).join('');
const row = (name, values, digits) => console.log(`  ${name.padEnd(36)}${cells(values, digits)}`);
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0];

function serve(args, folder) {
  const server = spawn(replsim, ['play', ...args, '--out', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = new Promise((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (piece) => {
      said += piece;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found) resolve(found[0]);
    });
    server.on('exit', () => reject(new Error(said)));
  });
  return { server, url };
}

// Moves a slider to its next step or back, and times the answer.
async function move(page, slider, forward) {
  await slider.focus();
  await page.evaluate(() => {
    window.replsimPlay = null;
    window.moved = 0;
    window.addEventListener('input', () => { window.moved = performance.now(); }, { once: true, capture: true });
    window.shown = new Promise((resolve) => {
      const look = () => (window.replsimPlay ? resolve(performance.now() - window.moved) : setTimeout(look, 1));
      look();
    });
  });
  await page.keyboard.press(forward ? 'ArrowRight' : 'ArrowLeft');
  return page.evaluate(() => window.shown);
}

async function press(page, name) {
  await page.evaluate(() => { window.replsimPlay = null; });
  await page.getByRole('button', { name, exact: true }).click();
  await page.waitForFunction(() => window.replsimPlay);
}

async function answers(page, name, label) {
  const slider = page.locator('label', { hasText: label }).first().locator('input');
  const took = [];
  for (let round = 0; round < ROUNDS; ++round) {
    took.push(await move(page, slider, true));
    took.push(await move(page, slider, false));
  }
  row(`${name}, "${label}" moved`, [quantile(took, 0.5), quantile(took, 0.95), Math.max(...took)], 0);
}

// Plays for a while: when the browser asked for frames, and what the page took to draw each.
function frames(page) {
  return page.evaluate((ms) => new Promise((resolve) => {
    const { player } = window.replsimPlay;
    const draws = [];
    const times = [];
    const seek = player.seek.bind(player);
    player.pause();
    player.seek = (at) => {
      const began = performance.now();
      seek(at);
      draws.push(performance.now() - began);
    };
    player.seek(0);
    player.play();
    const count = (now) => {
      times.push(now);
      if (now - times[0] < ms && player.playing) return requestAnimationFrame(count);
      player.pause();
      player.seek = seek;
      return resolve({ times, draws, nodes: player.model.nodes.length });
    };
    requestAnimationFrame(count);
  }), PLAY_MS);
}

async function smoothness(page) {
  const { times, draws, nodes } = await frames(page);
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  const rate = gaps.length / ((times[times.length - 1] - times[0]) / 1000);
  row(`${nodes} nodes, ${(draws.length)} frames`, [rate, quantile(draws, 0.5), quantile(draws, 0.99), Math.max(...gaps)], 1);
}

// A page of `replsim play` with these arguments that has its first answer.
async function withPage(browser, args, act) {
  const folder = mkdtempSync(join(tmpdir(), 'replsim-bench-play-'));
  const { server, url } = serve(args, join(folder, 'runs'));
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(await url);
    await page.waitForFunction(() => window.replsimPlay);
    await act(page);
    await page.close();
  } finally {
    server.removeAllListeners('exit');
    server.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  }
}

const TWENTY = ['--set', 'cluster.replicas=19'];

const browser = await launch();
try {
  console.log(`from the change of a slider to the page that shows its answer, in ms; load ${load()}`);
  row('', ['median', 'p95', 'longest'], 0);
  await withPage(browser, [], async (page) => {
    for (const mode of ['async', 'semi-sync', 'sync']) {
      await press(page, mode);
      await answers(page, mode, 'A flush takes');
    }
    await press(page, 'semi-sync');
    await answers(page, 'semi-sync', 'Operations');
  });
  await withPage(browser, TWENTY, async (page) => { await answers(page, '20 nodes', 'A flush takes'); });
  console.log(`the animation, draw and gap in ms; load ${load()}`);
  row('', ['frames/s', 'draw p50', 'draw p99', 'longest gap'], 0);
  await withPage(browser, [], smoothness);
  await withPage(browser, TWENTY, smoothness);
} finally {
  await browser.close();
}
