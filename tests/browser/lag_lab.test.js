import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { json, launch, open, run, urlOf } from './browser.js';

let browser;
let folder;
before(async () => {
  folder = run('lag-metrics-lie');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the lag laboratory', () => {
  test('draws every metric over the true lag and says how often it misled', async () => {
    const { page, finish } = await open(browser, urlOf(join(folder, 'report.html')));
    const [{ shown_lag: reported }] = json(join(folder, 'report.json')).runs;
    assert.equal(new Set(reported.map((s) => s.metric)).size, 10);
    for (const { metric, replica, wrong } of reported) {
      await page.selectOption('#switch-metric', metric);
      await page.selectOption('#switch-replica', replica);
      const drawn = await page.evaluate(([m, r]) => {
        const shown = replsim.data.shown.find((s) => s.metric === m && s.replica === r);
        const { data } = replsim.plots.get('lab').plot;
        const by = shown.unit === 'us' ? 1e-3 : 1;
        return {
          same: shown.values.every((v, i) => (typeof v === 'number' ? Math.abs(data[2][i] - v * by) < 1e-9 : data[2][i] === null)),
          errors: (shown.errors || []).filter((l) => l.what !== 'no value while behind').length,
        };
      }, [metric, replica]);
      assert.ok(drawn.same, `${metric} ${replica}`);
      assert.equal(drawn.errors, Number(wrong ?? 0), `${metric} ${replica}`);
    }
    await finish();
  });
});
