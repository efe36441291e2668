// The playground of a server in Chromium: node playground.mjs ADDRESS FOLDER GROUP [PART]. It runs the scenarios of a group (tasks, flows, looks) whose name
// has a part, and prints what each found as one object of JSON: null or an error. FOLDER gets picture.png.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Browser } from './playground-browser.mjs';
import { flows } from './playground-flows.mjs';
import { looks } from './playground-looks.mjs';
import { tasks } from './playground-tasks.mjs';

const [address, folder, group, part = ''] = process.argv.slice(2);
const picture = path.join(folder, 'picture.png');
const made = await fetch(`${address}/v1/txt2img`, {
  method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'image/png' },
  body: JSON.stringify({ prompt: 'red apple, 3d render', steps: 6, seed: 11, upscale: null }),
});
if (!made.ok) throw new Error(await made.text());
writeFileSync(picture, Buffer.from(await made.arrayBuffer()));

const browser = await Browser.start();
const found = {};
for (const [name, scenario] of Object.entries({ tasks, flows, looks }[group])) {
  if (!name.includes(part)) continue;
  const pages = [];
  const open = async options => {
    const page = await browser.open(address, options);
    pages.push(page);
    return page;
  };
  const began = Date.now();
  try {
    await scenario(open, { picture, address });
    found[name] = null;
  } catch (error) {
    found[name] = String(error.stack ?? error);
    if (process.env.DARKROOM_SCREENSHOTS) await pages.at(-1)?.screenshot({ path: path.join(process.env.DARKROOM_SCREENSHOTS, 'failed.png') }).catch(() => {});
  }
  for (const page of pages) await browser.close(page).catch(error => { found[name] ??= String(error); });
  console.error(`${name}: ${Date.now() - began} ms${found[name] ? ' FAILED' : ''}`);
}
found[`console of ${group}`] = browser.faults.length === 0 ? null : browser.faults.join('\n');
await browser.stop();
console.log(JSON.stringify(found));
