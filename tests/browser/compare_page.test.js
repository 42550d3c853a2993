import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
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
    assert.equal(await page.locator('svg.wide polyline').count(), 3);
    assert.equal(await page.locator('svg.wide >> nth=1').locator('circle').count(), 3);
    const links = await page.locator('table.compare thead a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.equal(links.length, 18);
    for (const link of links) assert.ok(existsSync(join(folder, link)), link);
    await finish();
  });

  test('marks what held in green and what did not in red, in light and dark', async () => {
    for (const [colorScheme, good, bad] of [['light', 'rgb(0, 112, 76)', 'rgb(179, 38, 30)'],
      ['dark', 'rgb(79, 199, 154)', 'rgb(255, 138, 128)']]) {
      const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')), { colorScheme });
      const edge = (kind) => page.evaluate((k) => {
        const li = document.querySelector('.verdicts li');
        li.className = k;
        return getComputedStyle(li).borderLeftColor;
      }, kind);
      assert.equal(await page.locator('.verdicts li').first().getAttribute('class'), 'held');
      assert.equal(await edge('held'), good);
      assert.equal(await edge('failed'), bad);
      await finish();
    }
  });

  test('writes factors, and no difference of a few counts', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')));
    const text = (metric) => page.locator(`tr[data-metric="${metric}"] td`).nth(1).textContent();
    assert.match(await text('write_p50_ms'), /×\d/);
    assert.doesNotMatch(await text('acked_lost'), /%|-\d/);
    assert.equal(await page.locator('td', { hasText: /[+-]\d{3,}\.\d %/ }).count(), 0);
    assert.equal(await page.locator('td').nth(1).evaluate((td) => getComputedStyle(td).textAlign), 'right');
    await finish();
  });

  test('cuts no label of a chart and uses the whole width', async () => {
    for (const [width, shown] of [[1280, 'wide'], [390, 'narrow']]) {
      const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')), { viewport: { width, height: 900 } });
      const drawn = await page.evaluate(() => [...document.querySelectorAll('svg.plot')].filter((s) => s.getClientRects().length)
        .map((svg) => {
          const box = svg.getBoundingClientRect();
          return {
            kind: svg.classList[1],
            share: box.width / document.querySelector('main').clientWidth,
            cut: [...svg.querySelectorAll('text')].filter((text) => {
              const at = text.getBoundingClientRect();
              return at.left < box.left - 0.5 || at.right > box.right + 0.5;
            }).map((text) => text.textContent),
            size: Math.min(...[...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect().height)),
          };
        }));
      assert.equal(drawn.length, 3);
      for (const { kind, share, cut, size } of drawn) {
        assert.equal(kind, shown);
        assert.ok(share > 0.9, String(share));
        assert.deepEqual(cut, []);
        assert.ok(size >= 10, `text of ${size} pixels at ${width}`);
      }
      await finish();
    }
  });

  test('lists the settings on a phone in whole words', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')), { viewport: { width: 390, height: 800 } });
    const setting = page.locator('th code', { hasText: 'replication.ack_after' });
    assert.ok((await setting.boundingBox()).height < 30);
    const value = page.locator('tr', { has: setting }).locator('td').first();
    assert.equal(await value.evaluate((td) => getComputedStyle(td, '::before').content), '"async"');
    assert.ok((await value.boundingBox()).height < 40);
    await finish();
  });

  test('gives its numbers as Markdown and its charts as PNG', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'compare.html')));
    await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; });
    await page.getByRole('button', { name: 'Copy as Markdown' }).first().click();
    await page.waitForFunction(() => window.copied);
    const lines = (await page.evaluate(() => window.copied)).split('\n');
    assert.match(lines[0], /^\| *\| async \(base\).*\| semi-sync.*\| sync.*\|$/);
    assert.equal(lines[1], '| --- | ---: | ---: | ---: |');
    assert.match(lines[2], /^\| acknowledged, then lost \| \d/);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PNG' }).first().click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), 'lag-distribution.png');
    const bytes = readFileSync(await file.path());
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.readUInt32BE(16) > 2000 && bytes.length > 10_000);
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
