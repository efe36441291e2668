// Chromium on the playground of a server, and what every scenario needs of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const patience = 40_000;
const axe = readFileSync(path.join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8');

/** Statuses that a scenario causes on purpose; Chromium writes a line of its console for each. */
const statuses = 'the server responded with a status of (401|404|410|422)';
const broken = 'net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)';
const refusals = new RegExp(`Failed to load resource: (${statuses}|${broken})`);

export class Browser {
  #browser;
  /** Lines of the console, errors of scripts, breaches of the policy and requests to elsewhere, of every page. */
  faults = [];

  static async start() {
    const one = new Browser();
    one.#browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--force-color-profile=srgb'] });
    return one;
  }

  stop() { return this.#browser.close(); }

  /** A page of a browser that was never here before, at the address's root and ready. */
  async open(address, options = {}, { waits = true } = {}) {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-US', ...options });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.on('console', message => {
      if ((message.type() === 'error' || message.type() === 'warning') && !refusals.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', error => this.faults.push(`error: ${error}`));
    page.on('request', request => {
      const url = new URL(request.url());
      if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.origin !== new URL(address).origin) this.faults.push(`request to ${url}`);
    });
    await page.addInitScript(() => {
      globalThis.breaches = [];
      document.addEventListener('securitypolicyviolation', event => globalThis.breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    await page.goto(`${address}/`);
    if (waits) await ready(page);
    return page;
  }

  /** Takes what the page's policy stopped, and leaves. */
  async close(page) {
    this.faults.push(...(await page.evaluate(() => globalThis.breaches)).map(one => `policy: ${one}`));
    await page.context().close();
  }
}

/** Until nothing of the page matches: what a click or a key ends may take a moment to leave. */
export const gone = (page, selector) => page.waitForSelector(selector, { state: 'detached' });

export const ready = page => page.waitForSelector('html[data-ready]', { state: 'attached' });

/** Rules of accessibility that the page breaks as it stands. */
export async function accessibility(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ['violations'] })).violations
    .map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ')}`));
  if (found.length > 0) throw new Error(`${where}: ${found.join('\n')}`);
}

export const task = (page, name) => page.click(`label[for=task-${name}]`);

/** Presses Generate and waits for the picture. */
export async function generate(page) {
  const before = await shown(page);
  await page.click('#generate');
  await page.waitForFunction(seen => document.querySelector('#runs').childElementCount === 0 && document.querySelector('#result .actions')
    && ![seen, '', undefined].includes(document.querySelector('#result').dataset.id), before, { timeout: patience });
}

/** `JOB/INDEX` of the picture on the stage. */
export const shown = page => page.evaluate(() => document.querySelector('#result').dataset.id ?? '');

/** The job of the picture on the stage, as the server has it. */
export async function jobOf(page, key = '') {
  const id = (await shown(page)).split('/')[0];
  return page.evaluate(async ([id, key]) => (await fetch(`v1/jobs/${id}`, { headers: key ? { Authorization: `Bearer ${key}` } : {} })).json(), [id, key]);
}

/** A picture that the browser keeps, with what it was made of: sizes, and colours of single points as `[red, green, blue]`. */
export const kept = (page, id, part, points = []) => page.evaluate(async ([id, part, points]) => {
  const database = await new Promise((done, failed) => {
    const request = indexedDB.open('darkroom');
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const one = await new Promise(done => {
    const request = database.transaction('pictures').objectStore('pictures').get(id);
    request.onsuccess = () => done(request.result);
  });
  database.close();
  const bitmap = await createImageBitmap(one[part]);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return { width: bitmap.width, height: bitmap.height, colours: points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]) };
}, [id, part, points]);

export function equal(actual, expected, what) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: ${other} expected, not ${one}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}
