// The page of `replsim play`: what it shows is what replsim run says of the same scenario.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, json, launch, open, replsim, urlOf } from './browser.js';

let browser;
let server;
let url;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replsim-play-'));
  browser = await launch();
  server = spawn(replsim, ['play', '--out', join(folder, 'runs')], { stdio: ['ignore', 'ignore', 'pipe'] });
  url = await new Promise((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (piece) => {
      said += piece;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found) resolve(found[0]);
    });
    server.on('exit', () => reject(new Error(said)));
  });
});
after(async () => {
  await browser?.close();
  server.removeAllListeners('exit');
  server.kill('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

// A page that has its first answer. Requests to its own server are expected.
async function playing(options = {}) {
  const { page, finish } = await open(browser, url, { ...options, expects: (request) => request.startsWith(url) });
  await page.waitForFunction(() => window.replsimPlay);
  return { page, finish };
}

// Does something, and waits for the answer to it.
async function changed(page, act) {
  await page.evaluate(() => { window.replsimPlay = null; });
  await act();
  await page.waitForFunction(() => window.replsimPlay);
}

const answerOf = (page) => page.evaluate(() => window.replsimPlay.answer);
const rowOf = (answer, label) => answer.rows.find(([name]) => name === label)?.[1];

// The report of the scenario that the page would copy.
function reportOf(answer) {
  const file = join(folder, 'copied.yaml');
  writeFileSync(file, answer.yaml);
  const out = join(folder, 'copied');
  command(['run', file, '--runtime', 'virtual', '--quiet', '--out', out]);
  return json(join(out, 'play', 'latest', 'report.json')).runs[0];
}

describe('the page of play', () => {
  test('shows what replsim run says of the copied scenario', async () => {
    const { page, finish } = await playing();
    for (const mode of ['async', 'semi-sync', 'sync']) {
      await changed(page, () => page.getByRole('button', { name: mode, exact: true }).click());
      const answer = await answerOf(page);
      const run = reportOf(answer);
      assert.equal(answer.knobs.find(([path]) => path === 'replication.preset')[1], mode);
      assert.equal(parseInt(rowOf(answer, 'acknowledged, then lost'), 10), run.writes.acked_lost);
      assert.equal(answer.replay.writes.client.length >= run.writes.committed, answer.replay.whole ?? false);
      assert.match(await page.locator('#sentence').textContent(), /acknowledged write/);
    }
    await finish();
  });

  test('keeps the setting before a slider was moved as the comparison', async () => {
    const { page, finish } = await playing();
    const first = await page.locator('#sentence').textContent();
    const slider = page.locator('label', { hasText: 'A flush takes' }).locator('input');
    await slider.focus();
    await changed(page, () => page.keyboard.press('ArrowRight'));
    await changed(page, () => page.keyboard.press('ArrowRight'));
    assert.equal(await page.locator('#before').textContent(), `Before the change: ${first}`);
    assert.match((await answerOf(page)).yaml, /flush: 5ms/);
    await finish();
  });

  test('places a fault where the strip of time is clicked, and removes it with those that follow', async () => {
    const { page, finish } = await playing();
    await changed(page, () => page.getByRole('button', { name: 'remove kill p at 1s' }).click());
    assert.equal(await page.locator('#faults').textContent(), 'no faults ');
    assert.doesNotMatch((await answerOf(page)).yaml, /do: /);
    const strip = await page.locator('#strip').boundingBox();
    await changed(page, () => page.mouse.click(strip.x + strip.width / 2, strip.y + 8));
    const at = Number(/at: (\d+)ms\}, do: kill, node: p/.exec((await answerOf(page)).yaml)[1]);
    assert.ok(Math.abs(at - 1500) < 20, `${at} ms`);
    await finish();
  });

  test('offers the faults of a node or of a link that is clicked', async () => {
    const { page, finish } = await playing();
    const places = await page.evaluate(() => {
      window.replsimPlay.player.seek(400000);
      return window.replsimPlay.player.view.places.nodes;
    });
    const canvas = page.locator('#replay canvas');
    await canvas.click({ position: { x: (places[0].x + places[1].x) / 2, y: (places[0].y + places[1].y) / 2 } });
    assert.match(await page.locator('#menu').textContent(), /^p ↔ r1 at 400ms/);
    await changed(page, () => page.getByRole('menuitem', { name: 'partition for 500 ms' }).click());
    assert.match((await answerOf(page)).yaml, /at: 400ms\}, do: partition, from: p, to: r1/);
    assert.ok((await answerOf(page)).replay.faults.some((f) => f.cut));
    await finish();
  });

  test('says why a setting cannot be run, and goes on', async () => {
    const { page } = await playing();  // the browser reports the refusal on its console
    await page.locator('#placing select').nth(1).selectOption('r1');
    await page.locator('#placing select').nth(0).selectOption('promote');
    await page.locator('#placing input').fill('100');
    await page.getByRole('button', { name: 'Place' }).click();  // before the primary dies
    await page.locator('label', { hasText: 'elected as in' }).locator('select').selectOption('raft');
    await page.locator('label', { hasText: 'Times of presets' }).locator('select').selectOption('0.01');
    await page.locator('#mistakes:not([hidden])').waitFor();
    assert.match(await page.locator('#mistakes').textContent(), /scenario|--set/);
    await page.evaluate(() => { window.replsimPlay = null; });
    await page.locator('label', { hasText: 'Times of presets' }).locator('select').selectOption('1');
    await page.waitForFunction(() => window.replsimPlay);
    assert.ok(await page.locator('#mistakes').isHidden());
    await page.close();
  });

  test('saves one file that needs no server', async () => {
    const { page, finish } = await playing();
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#share').click()]);
    const file = join(folder, 'shared.html');
    await download.saveAs(file);
    const shared = await open(browser, urlOf(file));
    assert.ok(await shared.page.locator('#animation canvas').isVisible());
    await shared.finish();
    await finish();
  });

  test('runs the same scenario with real processes', async () => {
    const { page, finish } = await playing();
    await changed(page, () => page.locator('label', { hasText: 'Duration' }).locator('input').fill('1'));
    await page.locator('#live').click();
    await page.getByRole('link', { name: 'its report' }).waitFor({ timeout: 60000 });
    assert.match(await page.locator('#live-text').textContent(), /play · live · seed 1/);
    await finish();
  });
});
