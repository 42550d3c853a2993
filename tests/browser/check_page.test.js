// The page of `replsim check --html`, and the witness on the page of a run: one drawing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, launch, open, run, urlOf } from './browser.js';

let browser;
let folder;
let checkPage;
let runs;

const row = (process, type, f, value, ms) =>
  `{:process ${process}, :type :${type}, :f :${f}, :value ${value}, :time ${ms * 1e6}}\n`;
const late = row(0, 'invoke', 'write', 1, 0) + row(0, 'ok', 'write', 1, 1)
  + row(':nemesis', 'info', 'partition', 'nil', 2) + row(':nemesis', 'info', 'partition', 'nil', 5)
  + row(0, 'invoke', 'write', 2, 4) + row(0, 'ok', 'write', 2, 5)
  + row(2, 'invoke', 'write', 3, 6) // never answered
  + row(1, 'invoke', 'read', 'nil', 8) + row(1, 'ok', 'read', 1, 9);
const cycle = 'w 1 0\nw 2 0\n-----\nw 1 1\nw 2 1\n=====\nr 1 1\nr 2 0\n';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replsim-check-'));
  checkPage = join(folder, 'check.html');
  writeFileSync(join(folder, 'late.edn'), late);
  writeFileSync(join(folder, `${'a-long-name-'.repeat(8)}.txt`), cycle);
  command(['check', '--html', checkPage, join(folder, 'late.edn'),
    join(folder, `${'a-long-name-'.repeat(8)}.txt`)], [1]);
  runs = run('two-readers', ['--set', 'duration=1s'], [0, 1, 2]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(runs, { recursive: true, force: true });
});

const witnessPages = () => [
  ['check', checkPage], ['run', join(runs, 'sync-any-replica', 'report.html')]];
// The drawing for the width of the screen; the other one is hidden.
const shown = '.witness svg:visible';

describe('a witness', () => {
  test('is drawn without a request or a message, in light and dark, wide and on a phone', async () => {
    for (const [name, file] of witnessPages()) {
      for (const colorScheme of ['light', 'dark']) {
        for (const width of [1280, 390]) {
          const { page, finish } = await open(browser, urlOf(file), { colorScheme, viewport: { width, height: 800 } });
          const where = `${name} ${colorScheme} ${width}`;
          const drawing = page.locator(shown).first();
          const box = await drawing.boundingBox();
          assert.ok(box.x >= 0 && box.x + box.width <= width, `${where}: ${JSON.stringify(box)}`);
          const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(wide[0] <= wide[1], `${where}: ${wide}`);
          // What is drawn can be seen: a color of its own, on the paper.
          const colors = await drawing.evaluate((svg) => [
            getComputedStyle(document.body).backgroundColor,
            ...[...svg.querySelectorAll('.op rect')].map((rect) => getComputedStyle(rect).fill)]);
          assert.ok(colors.slice(1).every((color) => color !== colors[0]), where);
          assert.ok(new Set(colors).size >= 3, `${where}: one color for each value`);
          await finish();
        }
      }
    }
  });

  test('has its letters and arrows in the text below it', async () => {
    for (const [name, file] of witnessPages()) {
      const { page, finish } = await open(browser, urlOf(file));
      const figure = page.locator('figure.witness').first();
      const drawing = figure.locator('svg.wide');
      const letters = await drawing.locator('.letter').allTextContents();
      const listed = await figure.locator('.operations b').allTextContents();
      assert.deepEqual([...letters].sort(), [...listed].sort(), name);
      const numbers = await drawing.locator('.arrow > text').allTextContents();
      assert.deepEqual(numbers, ['1', '2'], name);
      assert.equal(await figure.locator('.because li').count(), 2, name);
      assert.match(await figure.locator('.because').innerText(), /a contradiction/);
      await finish();
    }
  });

  test('has bars as long as their operations took, and arrows between them', async () => {
    const { page, finish } = await open(browser, urlOf(checkPage));
    const drawing = page.locator('figure.witness').first().locator('svg.wide');
    const bars = await drawing.evaluate((svg) => Object.fromEntries([...svg.querySelectorAll('.op')].map((g) => {
      const rects = [...g.querySelectorAll('rect')].map((rect) => rect.getBBox());
      const left = Math.min(...rects.map((r) => r.x));
      return [g.querySelector('title').textContent, [left, Math.max(...rects.map((r) => r.x + r.width)) - left]];
    })));
    const [first, second, open3, read] = ['wrote 1', 'wrote 2', 'wrote 3', 'read 1'].map((what) =>
      bars[Object.keys(bars).find((title) => title.includes(what))]);
    const perMs = first[1]; // 1 ms
    assert.ok(Math.abs(second[0] - first[0] - 4 * perMs) < 1, 'began 4 ms later');
    assert.ok(Math.abs(read[0] - first[0] - 8 * perMs) < 1, 'began 8 ms later');
    assert.ok(open3[1] > 3 * perMs, 'what was never answered is open to the right');
    const fault = await drawing.locator('.fault rect').evaluate((rect) => rect.getBBox().width);
    assert.ok(Math.abs(fault - 3 * perMs) < 1, 'the nemesis was at work for 3 ms');
    await finish();
  });
});

describe('the page of check', () => {
  test('says what holds and what does not, and leads to each history', async () => {
    const { page, finish } = await open(browser, urlOf(checkPage));
    assert.equal(await page.locator('h1').textContent(), '2 histories: 2 violated');
    await page.locator('table a').nth(1).click();
    assert.match(page.url(), /#history-2$/);
    const causal = page.locator('#history-2 .verdicts [data-guarantee="read-atomic"]');
    assert.equal(await causal.getAttribute('class'), 'failed');
    await page.goBack();
    await finish();
  });

  test('is below 100 kB a history', async () => {
    const { page, finish } = await open(browser, urlOf(checkPage));
    assert.ok((await page.content()).length < 200_000);
    await finish();
  });
});

describe('the page of a run', () => {
  test('says first which guarantees held', async () => {
    const { page, finish } = await open(browser, urlOf(join(runs, 'sync-any-replica', 'report.html')));
    const line = await page.locator('#summary .guarantees').innerText();
    assert.match(line, /^Consistency: .* held; NOT linearizable: \d+ of [\d,]+ reads late, by up to [\d.]+ ms/);
    const rows = await page.locator('#consistency [data-guarantee]').evaluateAll((all) => all.map((r) => r.dataset.guarantee));
    assert.equal(rows[0], 'linearizable');
    await page.locator('#summary .guarantees a').click();
    assert.ok(await page.locator(shown).first().isVisible());
    await finish();
  });

  test('says so of the variants side by side', async () => {
    const { page, finish } = await open(browser, urlOf(join(runs, 'compare.html')));
    const lines = await page.locator('ul.guarantees li').allTextContents();
    assert.ok(lines.some((line) => /primary.*: linearizable held$/.test(line)), String(lines));
    assert.ok(lines.some((line) => /^sync\/any-replica: .*NOT linearizable/.test(line)), String(lines));
    await finish();
  });
});
