import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, replsim, scenarios } from './browser.js';

let browser;
let out;
let child;
let url;
before(async () => {
  out = mkdtempSync(join(tmpdir(), 'replsim-live-'));
  // By itself the fault comes long after the test, so only the button can have caused what is seen,
  // and no node is down that the button is to kill.
  const later = '{when: {at: 500s}, do: kill, node: r1}';
  // The port goes with the option: it would take the scenario for one.
  child = spawn(replsim, ['run', join(scenarios, 'kill-replica-mid-write.yaml'), '--quiet', '--out', out,
    '--set', 'duration=600s', '--set', `faults=[${later}]`, '--vary', 'replication.preset=async',
    '--serve', '0', '--interactive']);
  child.stdout.resume();
  url = await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
      const found = said.match(/http:\/\/[0-9.]+:[0-9]+\/?/);
      if (found) resolve(found[0]);
    });
    child.on('exit', (status) => reject(new Error(`replsim ended with ${status}: ${said}`)));
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  if (child.exitCode === null) {
    child.kill('SIGINT');
    await ended;
  }
  rmSync(out, { recursive: true, force: true });
});

describe('a run that goes on', () => {
  test('is followed by its page, and broken by a button of it', async () => {
    const page = await browser.newPage();
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(error.stack));
    // What the server's content policy stops, the browser says on the console.
    page.on('console', (message) => wrong.push(message.text()));
    await page.goto(url);
    await page.waitForFunction(() => window.replsim && replsim.data.end_s > 1, null, { timeout: 60_000 });
    const status = page.locator('#replsim-status');
    await page.waitForFunction(() => / s of 600 s/.test(document.getElementById('replsim-status').textContent));
    assert.match(await status.innerText(), /Running: any 1\/async, variant 1 of 2 · \d+ s of 600 s · [\d,]+ writes committed/);
    assert.ok((await status.boundingBox()).y < 100, 'it is the first thing on the page');
    assert.ok((await status.locator('progress').getAttribute('value')) > 0);
    assert.match((await status.locator('li').allInnerTexts()).join('\n'), /p primary · at LSN [\d,]+[^]*r2 streaming · [\d,]+ entries behind/);
    assert.match(await page.locator('#numbers [data-metric="acked_lost"]').first().innerText(), /known after the run/);
    assert.doesNotMatch(await page.locator('main').innerText(), /incomplete|cannot read|not known/);
    const saved = page.waitForEvent('download');
    await page.locator('#plot-lag').getByRole('button', { name: 'Save as PNG' }).click();
    assert.equal((await saved).suggestedFilename(), 'replication-lag.png');
    const before = await page.evaluate(() => replsim.data.end_s);
    await page.waitForFunction((end) => replsim.data.end_s > end, before, { timeout: 60_000 });
    const button = page.locator('#replsim-live button').first();
    const fault = await button.textContent();
    await button.click();
    await page.waitForFunction(() => document.getElementById('replsim-done').textContent.length > 0);
    assert.ok((await page.locator('#replsim-done').textContent()).length > 0, fault);
    await page.waitForFunction(() => (replsim.data.faults || []).length > 0, null, { timeout: 60_000 });
    const latest = realpathSync(join(out, 'kill-replica-mid-write', 'latest'));
    const files = readdirSync(latest, { recursive: true }).filter((file) => basename(file) === 'events.jsonl');
    const events = files.map((file) => readFileSync(join(latest, file), 'utf8')).join('');
    assert.match(events, /"fault":1/);
    assert.deepEqual(wrong, []);
  });
});
