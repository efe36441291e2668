// Drives the playground's drawing components in Chromium: canvas.mjs [mask|frame|compare].
// Prints one object: for each component the checks that ran, with the error of those that failed.
import { start } from './canvas-browser.mjs';
import { compare } from './canvas-compare.mjs';
import { frame } from './canvas-frame.mjs';
import { mask } from './canvas-mask.mjs';

const parts = { mask, frame, compare }, asked = process.argv[2], gave = {};
const browser = await start();
try {
  for (const [part, checks] of Object.entries(parts)) {
    if (asked && asked !== part) continue;
    gave[part] = [];
    for (const [name, check] of Object.entries(checks)) {
      const began = performance.now();
      const error = await check(browser).then(() => null, error => error.stack ?? String(error));
      gave[part].push({ name, error, milliseconds: Math.round(performance.now() - began) });
    }
  }
} finally {
  await browser.stop();
}
console.log(JSON.stringify(gave));
