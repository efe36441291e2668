// A browser on the page of canvas-server.mjs, and what tests of drawing ask of it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from './canvas-server.mjs';

const packages = path.join(import.meta.dirname, '../node_modules');
const source = path.join(import.meta.dirname, '../../../src/Darkroom.Server/Playground/ts');
const axe = readFileSync(path.join(packages, 'axe-core/axe.min.js'), 'utf8');
const modules = ['mask-editor.ts', 'outpaint-frame.ts', 'compare-slider.ts', 'i18n/canvas.en.ts', 'i18n/canvas.ko.ts'];

/** Compiles the modules as strictly as TypeScript can and starts the browser. */
export async function start() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'darkroom-drawing-'));
  execFileSync(process.execPath, [
    path.join(packages, 'typescript/bin/tsc'), '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes',
    '--noUnusedLocals', '--noUnusedParameters',
    '--target', 'ES2022', '--module', 'ES2022', '--moduleResolution', 'bundler', '--lib', 'ES2022,DOM,DOM.Iterable',
    '--rootDir', source, '--outDir', folder, ...modules.map(name => path.join(source, name)),
  ], { cwd: source, stdio: ['ignore', 2, 2] });
  const server = await serve(folder);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  return {
    /** A page with the options of a browser's context. */
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 700, height: 1000 }, ...options });
      const page = await context.newPage();
      page.faults = [];
      page.on('pageerror', error => page.faults.push(String(error)));
      page.on('console', message => message.type() === 'error' && page.faults.push(message.text()));
      await page.goto(`${server.address}/?lang=${options.locale ?? 'en'}`);
      await page.waitForFunction(() => globalThis.ready);
      return page;
    },
    async stop() {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What the page complained of: errors, and what the policy of content stopped. */
export const faults = async page => [...page.faults, ...await page.evaluate(() => violations)];

/** Rules of accessibility that the page breaks. */
export async function accessibility(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => (await globalThis.axe.run()).violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' ')}`));
}

/** Colours of single pixels of an element as it is seen, `[red, green, blue]` each; points are CSS pixels from its left top corner. */
export async function colours(page, locator, points) {
  const shot = (await locator.screenshot({ animations: 'disabled' })).toString('base64'), ratio = await page.evaluate(() => devicePixelRatio);
  return page.evaluate(async ({ shot, points, ratio }) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(shot), letter => letter.charCodeAt(0))]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return points.map(([x, y]) => [...context.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data.slice(0, 3)]);
  }, { shot, points, ratio });
}

/** Fingers on the page; each step is the list of points that are touched then, `[x, y]` in CSS pixels. */
export async function touch(page, steps) {
  const session = await page.context().newCDPSession(page);
  let down = 0;
  for (const points of [...steps, []]) {
    const type = points.length > down ? 'touchStart' : points.length === 0 ? 'touchEnd' : 'touchMove';
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    down = points.length;
  }
  await session.detach();
}
