// What the browser tests share: a browser, pages that notice whatever goes wrong in them, and runs
// to look at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Installed beside the build, not in the source tree.
const { chromium } = createRequire(join(process.env.REPLSIM_NODE_MODULES, 'x.js'))('playwright-core');

export const replsim = process.env.REPLSIM;
export const scenarios = process.env.REPLSIM_SCENARIOS;

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// A page on which every console message, error and request (but of itself, and of what `expects`
// accepts) is a failure; `finish` closes it and says so.
export async function open(browser, url, { expects = () => false, ...options } = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const wrong = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.stack}`));
  page.on('request', (request) => {
    if (request.url() !== url && !/^(data|blob):/.test(request.url()) && !expects(request.url())) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  const finish = async () => {
    await page.close();
    assert.deepEqual(wrong, []);
  };
  return { page, finish };
}

export const urlOf = (file) => pathToFileURL(file).href;

// Runs a command whose exit status may be any of those given; its folder of recordings.
export function run(scenario, args = [], statuses = [0]) {
  const out = mkdtempSync(join(tmpdir(), 'replsim-browser-'));
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  command(['run', join(scenarios, `${scenario}.yaml`), '--runtime', 'virtual', '--quiet', '--out', out, ...args], statuses);
  return realpathSync(join(out, scenario, 'latest'));
}

export function command(args, statuses = [0]) {
  try {
    return execFileSync(replsim, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    assert.ok(statuses.includes(error.status), `replsim ${args.join(' ')}: ${error.status}\n${error.stderr}`);
    return error.stdout;
  }
}

export const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
