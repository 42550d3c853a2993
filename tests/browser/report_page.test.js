import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, json, launch, open, run, urlOf } from './browser.js';

let browser;
let folder;
let report;
const pageFile = (variant) => join(folder, variant, 'report.html');
const opened = (variant, options) => open(browser, urlOf(pageFile(variant)), options);

before(async () => {
  folder = run('kill-primary-mid-write');
  report = json(join(folder, 'report.json'));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a report page', () => {
  test('opens from disk, in light and dark, without a request or a message', async () => {
    for (const colorScheme of ['light', 'dark']) {
      const { page, finish } = await opened('async', { colorScheme });
      assert.equal(await page.locator('h1').textContent(), report.question);
      assert.equal(await page.evaluate(() => replsim.plots.size), 6);
      await finish();
    }
  });

  test('shows the numbers of report.json', async () => {
    for (const of of report.runs) {
      const { page, finish } = await opened(of.variant);
      const shown = (metric) => page.locator(`#numbers > table [data-metric="${metric}"]`).first().textContent();
      assert.ok((await shown('acked_lost')).endsWith(String(of.writes.acked_lost ?? 0)));
      const { lag, bin, end } = await page.evaluate(() => ({
        lag: replsim.data.lag, bin: replsim.data.bin_s, end: replsim.data.load_end_s }));
      for (const { replica, stage, time_us: reported } of of.lag) {
        if (reported?.max === undefined) continue; // it followed only after the load
        const band = lag.find((l) => l.replica === replica && l.stage === stage && !l.down);
        const inLoad = band.time_us.high.filter((v, i) => (i + 1) * bin <= end && typeof v === 'number');
        const all = band.time_us.high.filter((v, i) => i * bin < end && typeof v === 'number');
        assert.ok(Math.max(...inLoad) <= Number(reported.max) + 1, `${replica} ${stage}`);
        assert.ok(Math.max(...all) >= Number(reported.max) - 1, `${replica} ${stage}`);
      }
      await finish();
    }
  });

  test('draws those numbers, by stage and measure', async () => {
    const { page, finish } = await opened('async');
    for (const [stage, measure, by] of [['apply', 'time_us', 1e-3], ['receive', 'entries', 1], ['flush', 'bytes', 1]]) {
      await page.selectOption('#switch-stage', stage);
      await page.selectOption('#switch-measure', measure);
      const same = await page.evaluate(([s, m, factor]) => {
        const drawn = replsim.plots.get('lag').plot.data;
        return replsim.data.lag.filter((l) => l.stage === s && !l.down).every((l, i) => l[m].high.every((v, bin) => {
          const value = drawn[1 + 2 * i][bin];
          return typeof v === 'number' ? Math.abs(value - v * factor) < 1e-9 : value === null;
        }));
      }, [stage, measure, by]);
      assert.ok(same, `${stage} ${measure}`);
    }
    await page.check('#switch-log');
    assert.equal(await page.evaluate(() => replsim.plots.get('lag').plot.scales.y.distr), 4);
    await finish();
  });

  test('has one cursor in all charts', async () => {
    const { page, finish } = await opened('sync');
    await page.locator('#plot-lag .u-over').hover({ position: { x: 400, y: 60 } });
    const times = await page.evaluate(() => [...replsim.plots.values()].map(({ plot }) => plot.posToVal(plot.cursor.left, 'x')));
    assert.equal(times.length, 6);
    for (const time of times) assert.ok(Math.abs(time - times[0]) < 0.01, String(times));
    assert.ok(times[0] > 1);
    await finish();
  });

  test('zooms all charts together and comes back', async () => {
    const { page, finish } = await opened('async');
    const ranges = () => page.evaluate(() => [...replsim.plots.values()].map(({ plot }) => [plot.scales.x.min, plot.scales.x.max]));
    const whole = await ranges();
    const chart = page.locator('#plot-throughput .u-over');
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    await page.mouse.move(box.x + 200, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, box.y + 60, { steps: 5 });
    await page.mouse.up();
    const zoomed = await ranges();
    for (const [min, max] of zoomed) {
      assert.ok(Math.abs(min - zoomed[0][0]) < 1e-9 && Math.abs(max - zoomed[0][1]) < 1e-9, String(zoomed));
    }
    assert.ok(zoomed[0][0] > whole[0][0] && zoomed[0][1] < whole[0][1]);
    await page.mouse.dblclick(box.x + 300, box.y + 50);
    assert.deepEqual(await ranges(), whole);
    await finish();
  });

  test('lists on a click what every node held then', async () => {
    const { page, finish } = await opened('semi-sync');
    await page.locator('#plot-lag .u-over').click({ position: { x: 600, y: 60 } });
    const at = Number((await page.locator('#moment h3').textContent()).match(/At ([0-9.]+) s/)[1]);
    const data = await page.evaluate(() => replsim.data);
    for (const { node, stage, lsn_delta: deltas } of data.positions) {
      const bins = Math.round(at / data.bin_s) + 1;
      const lsn = deltas.slice(0, bins).reduce((a, b) => a + b, 0);
      const column = ['receive', 'write', 'flush', 'apply'].indexOf(stage);
      const row = page.locator('#moment tbody tr').nth(data.nodes.indexOf(node));
      const cell = await row.locator('td').nth(column).textContent();
      assert.equal(Number(cell.split(' ')[0].replaceAll(',', '')), lsn, `${node} ${stage}`);
    }
    await finish();
  });

  test('tells of the first lost write what explain tells', async () => {
    const { page, finish } = await opened('async');
    const heading = command(['explain', folder, 'lost']).split('\n')[0];
    assert.ok((await page.locator('#fates summary').first().textContent()).includes(heading));
    assert.ok((await page.locator('#space-time .focus').count()) > 0);
    await finish();
  });

  test('names the lines in its legends beside samples of them', async () => {
    const { page, finish } = await opened('async');
    const legend = page.locator('#plot-throughput .u-legend');
    assert.match(await legend.innerText(), /writes committed/);
    assert.ok(!(await legend.innerText()).includes(':'));
    const same = await page.evaluate(() => {
      const { plot } = replsim.plots.get('throughput');
      const samples = [...plot.root.querySelectorAll('.u-marker line')];
      return samples.length === plot.series.length - 1 && samples.every((line, i) => {
        const drawn = plot.series[i + 1].dash.map((d) => d / devicePixelRatio).join(' ');
        return (line.getAttribute('stroke-dasharray') || '') === drawn;
      });
    });
    assert.ok(same);
    const value = page.locator('#plot-lag .u-value').nth(1);
    assert.equal(await value.evaluate((td) => getComputedStyle(td).visibility), 'hidden');
    await page.locator('#plot-lag .u-over').hover({ position: { x: 200, y: 60 } });
    assert.equal(await value.evaluate((td) => getComputedStyle(td).visibility), 'visible');
    await finish();
  });

  test('keeps a hidden line hidden when the charts are drawn again', async () => {
    const { page, finish } = await opened('async');
    await page.locator('#plot-latency .u-series', { hasText: 'slowest' }).locator('th').click();
    await page.check('#switch-log');
    assert.equal(await page.evaluate(() => replsim.plots.get('latency').plot.series.find((s) => s.label === 'slowest').show), false);
    await finish();
  });

  test('shades the outage and not the time in which a node was down', async () => {
    const { page, finish } = await opened('async');
    const { data, paper, outage, later } = await page.evaluate(() => {
      const { plot } = replsim.plots.get('exposure');
      const { width } = plot.ctx.canvas;
      const row = plot.ctx.getImageData(0, Math.round(plot.bbox.top + plot.bbox.height / 2 + 3), width, 1).data;
      const pixel = (seconds) => {
        const at = 4 * Math.round(plot.valToPos(seconds, 'x', true));
        return [...row.slice(at, at + 4)].join();
      };
      const [{ begin_s: begin, end_s: end }] = replsim.data.outages;
      return { data: replsim.data, paper: pixel(begin - 0.11), outage: pixel((begin + end) / 2 + 0.013), later: pixel(end + 0.613) };
    });
    assert.equal(data.outages.length, 1);
    const [down] = data.faults.filter((f) => f.down);
    assert.ok(data.outages[0].end_s < down.end_s, 'writes went on while p was still down');
    assert.notEqual(outage, paper);
    assert.equal(later, paper);
    await finish();
  });

  test('speaks in words and draws no bar for 0', async () => {
    for (const variant of ['async', 'sync']) {
      const { page, finish } = await opened(variant);
      const text = await page.locator('main').innerText();
      assert.doesNotMatch(text, /[A-Z]{3,}_[A-Z]+|acked-|\bKILLED\b|LOAD_END/);
      const bars = await page.locator('#fates table.bars').first().locator('tr').evaluateAll((rows) => rows.map((row) => [
        row.querySelector('.count').textContent, row.querySelectorAll('.bar').length]));
      assert.ok(bars.some(([count]) => count === '0'));
      for (const [count, drawn] of bars) assert.equal(drawn, count === '0' ? 0 : 1, count);
      await finish();
    }
  });

  test('gives a chart as PNG and the numbers as Markdown', async () => {
    const { page, finish } = await opened('async');
    const saved = page.waitForEvent('download');
    await page.locator('#plot-lag').getByRole('button', { name: 'Save as PNG' }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), 'replication-lag.png');
    assert.equal(readFileSync(await file.path()).subarray(1, 4).toString(), 'PNG');
    await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; });
    await page.locator('#numbers').getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.waitForFunction(() => window.copied);
    const copied = await page.evaluate(() => window.copied);
    assert.match(copied, /^\| metric \| value \|\n\| --- \| ---: \|\n\| acknowledged, then lost \| \d/);
    assert.match(copied, /\*\*Replication lag\*\*/);
    await finish();
  });

  test('fits a phone', async () => {
    const { page, finish } = await opened('sync', { viewport: { width: 390, height: 800 } });
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(widths[0] <= widths[1], String(widths));
    await finish();
  });

  test('is below 1 MB for a minute of two replicas', () => {
    const minute = run('quickstart', ['--set', 'duration=60s', '--vary', 'replication.preset=async'], [0, 1]);
    const bytes = statSync(join(minute, 'report.html')).size;
    rmSync(minute, { recursive: true, force: true });
    assert.ok(bytes < 1_000_000, String(bytes));
  });
});

describe('hostile or broken input', () => {
  test('is shown and not run', async () => {
    const evil = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">';
    const run1 = run('kill-primary-mid-write', ['--set', `question=${JSON.stringify(evil)}`, '--vary', 'replication.preset=async'], [0, 1, 2]);
    const { page, finish } = await open(browser, urlOf(join(run1, 'report.html')));
    assert.equal(await page.locator('h1').textContent(), evil);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    await finish();
    rmSync(run1, { recursive: true, force: true });
  });

  test('gives a page that says what is missing, wherever a recording was cut', async () => {
    const cuts = [
      ['history', (f) => truncateSync(f, Math.floor(statSync(f).size * 0.6))],
      ['history', (f) => truncateSync(f, 3)],
      ['history', (f) => rmSync(f)],
      ['events.jsonl', (f) => truncateSync(f, Math.floor(statSync(f).size * 0.5))],
      ['events.jsonl', (f) => rmSync(f)],
      ['nodes/p/trace', (f) => truncateSync(f, 100_001)],
      ['nodes/r1/trace', (f) => rmSync(f)],
      ['nodes/r1/log', (f) => rmSync(f, { recursive: true })],
      ['final', (f) => rmSync(f, { recursive: true })],
    ];
    for (const [part, cut] of cuts) {
      const broken = run('kill-primary-mid-write', ['--vary', 'replication.preset=async']);
      cut(join(broken, part));
      command(['report', broken], [0, 1, 2]);
      const { page, finish } = await open(browser, urlOf(join(broken, 'report.html')));
      const notes = await page.locator('#summary .notice').textContent();
      assert.ok(notes.includes(part.split('/').pop()), `${part}: ${notes}`);
      assert.ok((await page.evaluate(() => replsim.plots.size)) >= 1, part);
      await finish();
      rmSync(broken, { recursive: true, force: true });
    }
  });
});
