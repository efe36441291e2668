// The pictures of the README: node playground-shots.mjs ADDRESS FOLDER, on a server that was just started.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Browser, generate, task } from './playground-browser.mjs';

const [address, folder] = process.argv.slice(2);
const things = ['rocket', 'fox', 'robot', 'hot air balloon', 'teddy bear', 'ghost', 'camera', 'light bulb', 'snowman', 'trophy', 'umbrella', 'star', 'tractor',
  'sailboat', 'banana', 'rainbow', 'gift', 'volcano', 'cactus', 'owl', 'penguin', 'strawberry', 'mushroom', 'crown'];
const grounds = ['light blue', 'yellow', 'pink', 'mint green'];

async function make(prompt, seed) {
  const answer = await fetch(`${address}/v1/txt2img`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'image/png' }, body: JSON.stringify({ prompt, seed, steps: 20 }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return Buffer.from(await answer.arrayBuffer());
}

for (const [i, thing] of things.entries()) await make(`${thing}, 3d render, on a ${grounds[i % 4]} background`, 7);
const fox = path.join(folder, 'fox.png');
writeFileSync(fox, await make('fox, 3d render, on a light blue background', 7));

const browser = await Browser.start();
const page = await browser.open(address, { viewport: { width: 1280, height: 820 } });
await page.fill('#prompt', 'red apple, (3d render:1.1), on a light blue background');
await page.fill('#field-seed', '42');
await page.fill('#field-count', '4');
await generate(page);
await page.waitForFunction(() => [...document.querySelectorAll('.gallery .thumb img')].every(one => one.src));
await page.evaluate(() => { document.activeElement.blur(); document.querySelector('.scroll').scrollTop = 0; });
await page.waitForTimeout(300);
await page.screenshot({ path: path.join(folder, 'playground.png') });

await task(page, 'inpaint');
await page.fill('#field-count', '1');
await page.setInputFiles('#source input[type=file]', fox);
await page.fill('#prompt', 'fox with a crown, 3d render, on a light blue background');
const canvas = page.locator('.mask-canvas');
await canvas.waitFor();
await page.waitForTimeout(200);
const box = await canvas.boundingBox();
const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
await page.mouse.move(...at(0.36, 0.16));
await page.mouse.down();
for (const point of [[0.5, 0.13], [0.64, 0.16], [0.62, 0.22], [0.5, 0.2], [0.4, 0.22], [0.5, 0.17]]) await page.mouse.move(...at(...point), { steps: 12 });
await page.mouse.up();
await page.mouse.move(...at(0.64, 0.2));
await page.evaluate(() => { document.querySelector('.scroll').scrollTop = 0; });
await page.waitForTimeout(300);
await page.screenshot({ path: path.join(folder, 'playground-inpaint.png') });
await browser.stop();
