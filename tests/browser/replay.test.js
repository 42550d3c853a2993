// The animation of a report page: it shows what explain says, event by event.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, launch, open, run, urlOf } from './browser.js';

let browser;
let folder;
const opened = (variant, options) => open(browser, urlOf(join(folder, variant, 'report.html')), options);

before(async () => {
  folder = run('kill-primary-mid-write');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// [ms since the client sent it, what], without what the animation does not tell: when the primary
// learned of a replica's stage.
function explained(variant, which) {
  const text = command(['explain', folder, which, '--variant', variant]);
  const moments = text.slice(text.indexOf('times since the client sent it'));
  return [...moments.matchAll(/^ +([\d.]+) ms {2}(.*)$/gm)].map(([, ms, what]) => [Number(ms), what])
    .filter(([, what]) => !/ learned that /.test(what));
}

// What the animation tells of the write, and the time since the write at which its window ends.
const told = (page, position) => page.evaluate((of) => {
  const { model, view } = window.replsimReplay;
  const write = of ? model.byPosition.get(of) : view.followed;
  return { life: model.lifeOf(write).map((m) => [(m.at - write.begin) / 1000, m.text]), end: (model.length - write.begin) / 1000 };
}, position);

const gone = (what) => what.replace(/ (truncated it|started without it)$/, ' no longer had it');

describe('the animation', () => {
  for (const [variant, which, position] of [['async', 'lost', null], ['async', '2990', '1:2990'], ['semi-sync', '2990', '1:2990'], ['sync', '2990', '1:2990'], ['sync', '3020', '1:3020']]) {
    test(`tells the life of ${which} in ${variant} as explain does`, async () => {
      const { page, finish } = await opened(variant);
      const { life, end } = await told(page, position);
      const expected = explained(variant, which).filter(([ms]) => ms <= end).map(([ms, what]) => [ms, gone(what)]);
      assert.ok(life.length > 4);
      assert.deepEqual(life.map(([, what]) => what).sort(), expected.map(([, what]) => what).sort());
      for (const [ms, what] of life) {
        const nearest = Math.min(...expected.filter(([, w]) => w === what).map(([at]) => Math.abs(at - ms)));
        assert.ok(nearest <= 0.0021, `${what} at ${ms} ms`);
      }
      await finish();
    });
  }

  test('steps from event to event by keyboard, and says what happened', async () => {
    const { page, finish } = await opened('async');
    const at = () => page.evaluate(() => window.replsimReplay.at);
    await page.locator('#replay canvas').focus();
    await page.keyboard.press('Home');
    assert.equal(await at(), 0);
    const times = await page.evaluate(() => [...new Set(window.replsimReplay.model.eventAt)].filter((t) => t > 0).slice(0, 12));
    for (const time of times.slice(0, 3)) {
      await page.keyboard.press('ArrowRight');
      assert.equal(await at(), time);
    }
    await page.keyboard.press('ArrowLeft');
    assert.equal(await at(), times[1]);
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(await at(), times[11]);
    const text = await page.locator('.replay-now').textContent();
    const events = await page.evaluate((t) => window.replsimReplay.model.events.filter((e) => e.at === t).map((e) => e.text), times[11]);
    assert.ok(events.some((event) => text.includes(event)), text);
    await page.keyboard.press('End');
    assert.equal(await at(), await page.evaluate(() => window.replsimReplay.model.length));
    await finish();
  });

  test('shows who leads: p until it is killed, then no node', async () => {
    const { page, finish } = await opened('async');
    const label = (position) => page.evaluate((where) => {
      const { model } = window.replsimReplay;
      const kill = model.faults.find((f) => f.down).begin;
      window.replsimReplay.seek(where === 'before' ? kill - 1 : kill + 1);
      return document.querySelector('#replay canvas').getAttribute('aria-label');
    }, position);
    assert.match(await label('before'), /: p answers as the primary$/);
    assert.match(await label('after'), /no node answers as the primary$/);
    await finish();
  });

  test('takes the place of the drawing of messages on the screen, not in print', async () => {
    const { page, finish } = await opened('async');
    assert.ok(await page.locator('#animation').isVisible());
    assert.ok(!(await page.locator('#space-time').isVisible()));
    await page.emulateMedia({ media: 'print' });
    assert.ok(!(await page.locator('#animation').isVisible()));
    assert.ok(await page.locator('#space-time').isVisible());
    await finish();
  });

  test('jumps from event to event where the reader wants no motion', async () => {
    const { page, finish } = await opened('async', { reducedMotion: 'reduce' });
    await page.evaluate(() => { window.replsimReplay.seek(0); });
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForFunction(() => window.replsimReplay.at > 0);
    assert.ok(await page.evaluate(() => window.replsimReplay.model.eventAt.includes(window.replsimReplay.at)));
    await page.getByRole('button', { name: 'Pause' }).click();
    await finish();
  });

  test('follows the write that is clicked, and no other after Escape', async () => {
    const { page, finish } = await opened('async');
    const cell = await page.evaluate(() => {
      const { view } = window.replsimReplay;
      const found = view.cells.find((c) => c.write !== view.followed);
      return { x: found.x + found.w / 2, y: found.y + found.h / 2, lsn: found.write.lsn };
    });
    await page.locator('#replay canvas').click({ position: { x: cell.x, y: cell.y } });
    assert.equal(await page.evaluate(() => window.replsimReplay.view.followed.lsn), cell.lsn);
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => window.replsimReplay.view.followed), null);
    await finish();
  });

  test('fits a phone', async () => {
    const { page, finish } = await opened('async', { viewport: { width: 390, height: 800 } });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390));
    const outside = await page.evaluate(() => {
      const { places } = window.replsimReplay.view;
      return places.nodes.filter((n) => n.x - places.card.w / 2 < 0 || n.x + places.card.w / 2 > places.width).length;
    });
    assert.equal(outside, 0);
    await finish();
  });
});
