// The five tasks, each clicked through as a person would.
import { equal, generate, holds, jobOf, kept, shown, task } from './playground-browser.mjs';

export const tasks = {
  async 'text to image'(open, { picture }) {
    const page = await open();
    await page.fill('#prompt', 'red apple, (3d render:1.2)');
    await page.waitForFunction(() => document.querySelector('#pieces').textContent.includes('×1.2'));
    await page.fill('#field-steps', '12');
    await page.fill('#field-seed', '7');
    await page.click('button[aria-label="Aspect 3:2"]');
    await page.fill('#field-count', '2');
    await page.selectOption('#field-sampler', 'euler');
    await page.selectOption('#field-schedule', 'karras');
    const previews = page.waitForSelector('img.preview');
    await generate(page);
    await previews;
    const { id, parameters, images } = await jobOf(page);
    const { prompt, width, height, steps, seed, count, sampler, schedule } = parameters;
    equal({ prompt, width, height, steps, seed, count, sampler, schedule },
      { prompt: 'red apple, (3d render:1.2)', width: 80, height: 48, steps: 12, seed: 7, count: 2, sampler: 'euler', schedule: 'karras' }, 'parameters');
    equal([images.length, await page.locator('.strip .thumb').count(), await page.locator(`.gallery .thumb[data-id^="${id}"]`).count()], [2, 2, 2], 'pictures');
    equal((await page.textContent('#tokens')).trim(), '6 / 30 tokens', 'tokens');
    await page.click('.strip .thumb:nth-child(2)');
    await page.click('button[aria-label^="Use the seed"]');
    equal(await page.inputValue('#field-seed'), '8', 'the seed of the second picture');
    await page.click('button[aria-label="Random"]');
    equal(await page.inputValue('#field-seed'), '', 'no seed');
    holds(picture, 'a picture for the others');
    return page;
  },

  async 'image to image'(open, { picture }) {
    const page = await open();
    await task(page, 'img2img');
    await page.setInputFiles('#source input[type=file]', picture);
    await page.fill('#prompt', 'green apple, 3d render');
    await page.fill('#field-strength', '0.4');
    await generate(page);
    const job = await jobOf(page);
    equal([job.task, job.parameters.strength, job.images.length], ['img2img', 0.4, 1], 'the job');
    const sent = await kept(page, await shown(page), 'image');
    equal([sent.width, sent.height], [64, 64], 'the picture that was sent');
    await page.click('button:has-text("Compare")');
    await page.waitForSelector('.compare-slider [role=slider]');
    return page;
  },

  async 'inpaint'(open, { picture }) {
    const page = await open();
    await task(page, 'inpaint');
    await page.setInputFiles('#source input[type=file]', picture);
    await page.fill('#prompt', 'yellow star, 3d render');
    await page.fill('#field-seed', '3');
    // Without a mask the server says what is missing, and the page says it where the mask is painted.
    await page.click('#generate');
    await page.waitForFunction(() => document.querySelector('#mask-error').textContent.includes('mask'));
    const canvas = page.locator('.mask-canvas');
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await page.mouse.down();
    for (const [x, y] of [[0.55, 0.45], [0.55, 0.55], [0.45, 0.55], [0.45, 0.45]])
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(() => document.querySelector('#mask-error').textContent === '');
    await page.fill('#field-strength', '1');
    await generate(page);
    const job = await jobOf(page);
    equal([job.task, job.parameters.strength], ['inpaint', 1], 'the job');
    const id = await shown(page);
    const mask = await kept(page, id, 'mask', [[32, 32], [2, 2]]);
    equal(mask.colours, [[255, 255, 255], [0, 0, 0]], 'the mask');
    const points = [[2, 2], [61, 3], [3, 60], [32, 32]];
    const [before, after] = [await kept(page, id, 'image', points), await kept(page, id, 'file', points)];
    equal(after.colours.slice(0, 3), before.colours.slice(0, 3), 'what is not masked');
    holds(JSON.stringify(after.colours[3]) !== JSON.stringify(before.colours[3]), 'What is masked was not repainted.');
    // The mask is there for another try.
    await page.click('label[for=view-edit]');
    holds(/\d/.test(await page.textContent('.mask-editor .drawing-status')), 'The mask is gone.');
    return page;
  },

  async 'outpaint'(open, { picture }) {
    const page = await open();
    await task(page, 'outpaint');
    await page.setInputFiles('#source input[type=file]', picture);
    await page.fill('#prompt', 'red apple, 3d render');
    const handle = page.locator('.frame-handle.frame-right').first();
    await handle.waitFor();
    await handle.focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight');
    const left = await page.locator('.frame-handle.frame-left').first().boundingBox();
    await page.mouse.move(left.x + left.width / 2, left.y + left.height / 2);
    await page.mouse.down();
    await page.mouse.move(left.x - 40, left.y + left.height / 2, { steps: 5 });
    await page.mouse.up();
    const fields = await page.locator('.frame-fields input').evaluateAll(all => all.map(one => Number(one.value)));
    equal([fields[0] > 0, fields[1], fields[2] > 0, fields[3]], [true, 0, true, 0], 'the edges');
    await generate(page);
    const job = await jobOf(page);
    const { left: l, right: r, up, down } = job.parameters;
    equal([l, up, r, down, job.images[0].width, job.images[0].height], [...fields, 64 + fields[0] + fields[2], 64], 'the extension');
    return page;
  },

  async 'upscale'(open, { picture }) {
    const page = await open();
    await task(page, 'upscale');
    equal(await page.isVisible('#prompt'), false, 'no prompt');
    await page.setInputFiles('#source input[type=file]', picture);
    await page.fill('#field-scale', '2');
    await generate(page);
    const job = await jobOf(page);
    equal([job.task, job.images[0].width, job.images[0].height], ['upscale', 128, 128], 'the size');
    const slider = page.locator('.compare-slider [role=slider]');
    await slider.waitFor();
    await slider.focus();
    await page.keyboard.press('Home');
    equal(await slider.getAttribute('aria-valuenow'), '0', 'the divider');
    return page;
  },
};
