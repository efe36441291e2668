// What happens on the way: cancelling, reloads, faults, the gallery, dropped pictures, code.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { equal, generate, gone, holds, jobOf, patience, ready, shown, task } from './playground-browser.mjs';

const long = async page => {
  await page.fill('#prompt', 'red apple, 3d render');
  await page.fill('#field-steps', '150');
  await page.fill('#field-count', '8');
};

export const flows = {
  async 'cancel'(open) {
    const page = await open();
    await long(page);
    await page.click('#generate');
    await page.waitForFunction(() => /Step [1-9]/.test(document.querySelector('.standing')?.textContent ?? ''), null, { timeout: patience });
    const id = (await page.evaluate(() => JSON.parse(localStorage.getItem('darkroom.jobs'))))[0];
    await page.click('.run button');
    await page.waitForSelector('.message:has-text("Cancelled.")');
    equal(await page.evaluate(async id => (await (await fetch(`v1/jobs/${id}`)).json()).status, id), 'cancelled', 'the job');
    await gone(page, '.run');
    return page;
  },

  async 'queue position'(open) {
    const page = await open();
    await page.evaluate(() => fetch('v1/queue/pause', { method: 'POST' }));
    await page.fill('#prompt', 'red apple');
    await page.fill('#field-steps', '2');
    await page.click('#generate');
    await page.waitForFunction(() => document.querySelectorAll('.run').length === 1);
    await page.click('#generate');
    await page.waitForFunction(() => document.querySelectorAll('.run').length === 2);
    await page.waitForFunction(() => [...document.querySelectorAll('.standing')].map(one => one.textContent).join().includes('1 before it'));
    await page.evaluate(() => fetch('v1/queue/resume', { method: 'POST' }));
    await page.waitForFunction(() => document.querySelectorAll('.run').length === 0 && document.querySelectorAll('.gallery .thumb').length >= 2,
      null, { timeout: patience });
    return page;
  },

  async 'reload in the middle of a job'(open) {
    const page = await open();
    await page.fill('#prompt', 'red apple, 3d render');
    await page.fill('#field-steps', '150');
    await page.fill('#field-count', '2');
    await page.click('#generate');
    await page.waitForFunction(() => /Step [1-9]/.test(document.querySelector('.standing')?.textContent ?? ''), null, { timeout: patience });
    const [id] = await page.evaluate(() => JSON.parse(localStorage.getItem('darkroom.jobs')));
    await page.reload();
    await ready(page);
    equal(await page.inputValue('#field-steps'), '150', 'the form');
    await page.waitForSelector('.run');
    await page.waitForSelector('img.preview');
    await page.waitForSelector('#result .actions', { timeout: patience });
    equal((await shown(page)).split('/')[0], id, 'the job');
    equal(await page.evaluate(() => localStorage.getItem('darkroom.jobs')), '[]', 'nothing is waited for');
    return page;
  },

  async 'faults stand at their fields'(open) {
    const page = await open();
    await page.fill('#prompt', 'red apple');
    await page.fill('#field-steps', '500');
    await page.fill('#field-width', '77');
    await page.locator('#advanced summary').click();
    await page.fill('#field-eta', '3');
    await page.locator('#advanced summary').click();
    await page.click('#generate');
    await page.waitForFunction(() => document.querySelector('#steps-error').textContent);
    holds((await page.textContent('#steps-error')).includes('1…150'), 'the limit of steps');
    holds((await page.textContent('#width-error')).includes('16…96'), 'the limit of width');
    holds(await page.isVisible('#eta-error'), 'A folded field with a fault is not shown.');
    equal(await page.getAttribute('#field-steps', 'aria-invalid'), 'true', 'steps are marked');
    await page.fill('#field-steps', '2');
    equal(await page.textContent('#steps-error'), '', 'the fault goes when the value is changed');
    await page.click('#reset');
    equal([await page.locator('.wrong').count(), await page.inputValue('#field-width')], [0, ''], 'the form is empty');
    return page;
  },

  async 'gallery, use these again, delete'(open) {
    const page = await open();
    await page.fill('#prompt', 'blue star, 3d render');
    await page.fill('#negative_prompt', 'text');
    await page.fill('#field-steps', '4');
    await page.fill('#field-guidance_scale', '3.5');
    await generate(page);
    const made = await jobOf(page);
    await page.click('#reset');
    await page.click('button:has-text("Use these again")');
    equal([await page.inputValue('#prompt'), await page.inputValue('#negative_prompt'), await page.inputValue('#field-steps'),
      await page.inputValue('#field-guidance_scale'), await page.inputValue('#field-seed')],
    ['blue star, 3d render', 'text', '4', '3.5', String(made.images[0].seed)], 'the form');
    await generate(page);
    equal((await jobOf(page)).images[0].sha256, made.images[0].sha256, 'the same picture');
    await page.click('.details summary');
    const facts = await page.textContent('.facts');
    for (const [name, value] of Object.entries({ steps: 4, guidance_scale: 3.5, seed: made.images[0].seed, sampler: made.parameters.sampler }))
      holds(facts.includes(String(value)), `The facts do not tell ${name}.`);
    const count = await page.locator('.gallery .thumb').count();
    const id = (await shown(page)).split('/')[0];
    await page.click('button[aria-label=Delete]');
    await page.click('dialog .danger');
    await page.waitForFunction(before => document.querySelectorAll('.gallery .thumb').length === before - 1, count);
    for (let tries = 0; await page.evaluate(async id => (await fetch(`v1/jobs/${id}`)).status, id) !== 404; tries++) {
      holds(tries < 50, 'The server still has the job.');
      await page.waitForTimeout(100);
    }
    await page.reload();
    await ready(page);
    equal(await page.locator(`.gallery .thumb[data-id^="${id}"]`).count(), 0, 'the deleted picture');
    return page;
  },

  async 'another browser finds the pictures at the server'(open) {
    const page = await open();
    await page.waitForFunction(() => document.querySelector('.gallery .thumb img')?.src.startsWith('blob:'), null, { timeout: patience });
    await page.click('.gallery .thumb');
    await page.waitForFunction(() => document.querySelector('.picture')?.naturalWidth > 0);
    return page;
  },

  async 'a dropped picture gives its parameters'(open, { picture }) {
    const page = await open();
    const data = await page.evaluateHandle(base64 => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), sign => sign.charCodeAt(0))], 'apple.png', { type: 'image/png' }));
      return transfer;
    }, readFileSync(picture).toString('base64'));
    await page.dispatchEvent('#stage', 'dragenter', { dataTransfer: data });
    holds(await page.isVisible('#drop'), 'Nothing says that a picture may be dropped.');
    await page.dispatchEvent('#stage', 'drop', { dataTransfer: data });
    await page.waitForSelector('dialog .facts');
    await page.click('dialog button:has-text("Use its parameters")');
    equal([await page.inputValue('#prompt'), await page.inputValue('#field-seed'), await page.inputValue('#field-steps')],
      ['red apple, 3d render', '11', '6'], 'the form');
    await page.waitForSelector('#drop', { state: 'hidden' });
    await page.dispatchEvent('#stage', 'drop', { dataTransfer: data });
    await page.click('dialog button:has-text("Image to image")');
    holds(await page.isVisible('#source .slot.full'), 'The picture is not there to be worked on.');
    return page;
  },

  async 'a dropped picture is verified'(open, { picture }) {
    const page = await open();
    const drop = async change => {
      const data = await page.evaluateHandle(async ([base64, change]) => {
        let file = new Blob([Uint8Array.from(atob(base64), sign => sign.charCodeAt(0))], { type: 'image/png' });
        if (change) {
          // The same text over other pixels: IHDR and what follows it up to the pixels stay, as do the chunks behind them.
          const bytes = new Uint8Array(await file.arrayBuffer());
          const image = await createImageBitmap(file);
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          context.fillRect(0, 0, 9, 9);
          const drawn = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
          const chunks = of => {
            const found = [];
            for (let at = 8; at < of.length;) {
              const length = new DataView(of.buffer, of.byteOffset + at).getUint32(0);
              found.push({ type: String.fromCharCode(...of.subarray(at + 4, at + 8)), bytes: of.subarray(at, at + 12 + length) });
              at += 12 + length;
            }
            return found;
          };
          const texts = chunks(bytes).filter(one => /^[it]/.test(one.type) && one.type.endsWith('Xt'));
          const [head, ...rest] = chunks(drawn);
          file = new Blob([drawn.subarray(0, 8), head.bytes, ...texts.map(one => one.bytes), ...rest.map(one => one.bytes)], { type: 'image/png' });
        }
        const transfer = new DataTransfer();
        transfer.items.add(new File([file], 'apple.png', { type: 'image/png' }));
        return transfer;
      }, [readFileSync(picture).toString('base64'), change]);
      await page.dispatchEvent('#stage', 'drop', { dataTransfer: data });
      await page.click('dialog button:has-text("Verify")');
    };
    await drop(false);
    await page.waitForSelector('.verified .message:has-text("The same: starter makes every value of it again.")', { timeout: patience });
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    await drop(true);
    await page.waitForSelector('.verified .message.error:has-text("Not the same: 9")', { timeout: patience });
    await page.waitForFunction(() => document.querySelector('.verified img')?.naturalWidth > 0, null, { timeout: patience });
    return page;
  },

  async 'each word shows where it was drawn'(open) {
    const page = await open({ hasTouch: true });
    await page.fill('#prompt', 'red apple');
    await page.fill('#field-steps', '2');
    await page.check('#field-explain');
    await generate(page);
    await page.waitForFunction(() => document.querySelector('.picture').naturalWidth > 0);
    const { parameters, images } = await jobOf(page);
    equal(parameters.explain, ['red', 'apple'], 'the words that were asked for');
    const words = images[0].attributions;
    const share = one => `${one.word}${Number((one.share * 100).toPrecision(2))}%`;
    equal(await page.locator('.word').allTextContents(), words.map(share), 'the chips');
    const boxes = (...of) => page.evaluate(all => all.map(one => JSON.stringify(document.querySelector(one).getBoundingClientRect())), of);
    const places = () => boxes('.picture:not(.map)', '.word', '.actions');
    const before = await places();
    const map = page.locator('.picture.map'), red = page.locator('.word').first(), apple = page.locator('.word').last();
    const pressed = () => page.locator('.word').evaluateAll(all => all.map(one => one.getAttribute('aria-pressed') === 'true'));
    equal([await map.isVisible(), await pressed()], [false, [false, false]], 'before a word is pointed at');
    const seen = async (name, marks) => {
      await page.waitForSelector(`.picture.map[alt*="${name}"]:not([hidden])`);
      equal([await pressed(), await places()], [marks, before], `what is marked and where all stands: ${name}`);
      equal(await boxes('.picture.map'), before.slice(0, 1), 'the place of the map');
      return map.evaluate(image => {
        const context = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.naturalWidth, image.naturalHeight).data.join();
      });
    };
    const hidden = async what => {
      await map.waitFor({ state: 'hidden' });
      equal([await pressed(), await places()], [[false, false], before], what);
    };

    await red.hover();
    const first = await seen('red', [true, false]);
    await page.mouse.move(0, 0);
    await hidden('after the pointer has left');
    await apple.hover();
    holds(await seen('apple', [false, true]) !== first, 'Both words have the same map.');
    await page.keyboard.press('Escape');
    await hidden('after Escape');
    await page.mouse.move(0, 0);

    await red.focus();
    await page.keyboard.press('Tab');
    await seen('apple', [false, true]);
    await page.keyboard.press('Enter');
    await hidden('after a key');
    await page.keyboard.press('Enter');
    await seen('apple', [false, true]);
    await page.keyboard.press('Shift+Tab');
    await seen('red', [true, false]);
    await page.focus('#prompt');
    await hidden('after the focus has left');

    await red.tap();
    await seen('red', [true, false]);
    await apple.tap();
    await seen('apple', [false, true]);
    await apple.tap();
    await hidden('after another tap');

    // The gallery's picture has its words after a reload, and its parameters ask for them again.
    await page.uncheck('#field-explain');
    await page.reload();
    await ready(page);
    await page.locator('.gallery .thumb').first().click();
    await red.hover();
    await seen('red', [true, false]);
    await page.click('button:has-text("Use these again")');
    equal(await page.isChecked('#field-explain'), true, 'the switch');
    await page.click('#code');
    await page.click('#tab-csharp');
    holds((await page.textContent('#code-text')).includes('Explain = WordChoice.All'), 'The request in C# does not ask for words.');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    await task(page, 'outpaint');
    equal(await page.isVisible('#field-explain'), false, 'a task that has no words');
    await task(page, 'img2img');
    equal(await page.isVisible('#field-explain'), true, 'a task that has them');
    return page;
  },

  async 'the request as code runs'(open, { picture, address }) {
    const page = await open();
    await page.fill('#prompt', 'it\'s a "red" apple');
    await page.fill('#field-steps', '2');
    await page.fill('#field-seed', '5');
    const text = async name => {
      await page.click(`#tab-${name}`);
      return page.textContent('#code-text');
    };
    const run = (name, code, program, ...before) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'darkroom-code-'));
      writeFileSync(path.join(folder, 'picture.png'), readFileSync(picture));
      writeFileSync(path.join(folder, name), code);
      execFileSync(program, [...before, name], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience });
      return readdirSync(folder).filter(file => /^0\.png$/.test(file)).map(file => readFileSync(path.join(folder, file)).toString('base64'))[0];
    };
    for (const name of ['txt2img', 'img2img']) {
      await task(page, name);
      if (name === 'img2img') await page.setInputFiles('#source input[type=file]', picture);
      await page.click('#code');
      const [bash, script, python] = [run('run.sh', await text('curl'), 'bash'), run('run.mts', await text('typescript'), process.execPath),
        run('run.py', await text('python'), 'python3')];
      holds(bash && script === bash && python === bash,
        `The programs of ${name} give other pictures, or none: ${[bash, script, python].map(one => one?.length)}`);
      const csharp = await text('csharp');
      holds(csharp.includes(`new Uri("${address}")`) && csharp.includes('Prompt = "it\'s a \\"red\\" apple"') && csharp.includes('Seed = 5'), csharp);
      await page.keyboard.press('Escape');
      await gone(page, 'dialog');
    }
    return page;
  },
};
