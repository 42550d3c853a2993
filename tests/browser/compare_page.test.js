import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, json, launch, open, run, urlOf } from './browser.js';

let browser;
let folder;
before(async () => {
  folder = run('kill-primary-mid-write', ['--repeat', '6']);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('compare.html', () => {
  test('opens from disk and marks the right winner', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')));
    const cells = page.locator('tr[data-metric="acked_lost"] td');
    assert.match(await cells.nth(1).textContent(), /▲.*better/);
    assert.match(await page.locator('tr[data-metric="write_p50_ms"] td').nth(1).textContent(), /▼.*worse/);
    await finish();
  });

  test('shows the medians of report.json', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')));
    const { runs } = json(join(folder, 'report.json'));
    const names = [...new Set(runs.map((r) => r.variant))];
    for (const [column, name] of names.entries()) {
      const lost = runs.filter((r) => r.variant === name).map((r) => Number(r.writes.acked_lost ?? 0)).sort((a, b) => a - b);
      const median = (lost[2] + lost[3]) / 2;
      const text = await page.locator('tr[data-metric="acked_lost"] td').nth(column).textContent();
      assert.equal(Number.parseFloat(text), median, name);
    }
    await finish();
  });

  test('has a line and a dot for each variant, and links to every run', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')));
    assert.equal(await page.locator('polyline').count(), 3);
    assert.equal(await page.locator('svg >> nth=1').locator('circle').count(), 3);
    const links = await page.locator('table.compare thead a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.equal(links.length, 18);
    for (const link of links) assert.ok(existsSync(join(folder, link)), link);
    await finish();
  });

  test('is made of other runs by compare --html', async () => {
    const file = join(folder, 'other.html');
    command(['compare', folder, folder, '--html', file]);
    const { page, finish } = await open(browser, urlOf(file), { viewport: { width: 390, height: 800 } });
    assert.ok((await page.locator('tr[data-metric="acked_lost"] td').count()) === 6);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await finish();
  });
});
