import assert from 'node:assert/strict';
import { colours, faults, touch } from './canvas-browser.mjs';

async function prepare(browser, options) {
  const page = await browser.open(options);
  await page.evaluate(() => slider.show(picture(16, 12, '#ff0000'), picture(64, 48, '#0000ff')));
  const root = page.locator('.compare-slider'), handle = page.getByRole('slider', { name: 'Divider' });
  await root.scrollIntoViewIfNeeded();
  return {
    page, root, handle, box: await root.boundingBox(),
    value: () => page.evaluate(() => slider.value),
    done: async () => {
      assert.deepEqual(await faults(page), []);
      await page.context().close();
    },
  };
}

const red = [255, 0, 0], blue = [0, 0, 255];

export const compare = {
  async 'Left of the divider is the first picture, right the second'(browser) {
    const { page, root, box, value, done } = await prepare(browser);
    assert.deepEqual([await value(), Math.round(box.width / box.height * 100)], [50, 133]);
    const look = () => colours(page, root, [0.2, 0.4, 0.6, 0.8].map(share => [share * box.width, 0.8 * box.height]));
    assert.deepEqual(await look(), [red, red, blue, blue]);
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.25 * box.width, box.y + 60, { steps: 5 });
    await page.mouse.up();
    assert.equal(await value(), 25);
    assert.deepEqual(await look(), [red, blue, blue, blue]);
    await page.mouse.move(box.x + 0.9 * box.width, box.y + 60);
    assert.equal(await value(), 25);
    await page.mouse.click(box.x + 0.75 * box.width, box.y + 60);
    assert.deepEqual(await look(), [red, red, red, blue]);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 40, box.y);
    await page.mouse.up();
    assert.equal(await value(), 100);
    await done();
  },
  async 'Keys move the divider'(browser) {
    const { page, handle, value, done } = await prepare(browser);
    await handle.focus();
    const gave = [];
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown', 'Shift+ArrowLeft', 'PageUp', 'PageDown', 'Home', 'ArrowLeft', 'End', 'ArrowRight']) {
      await page.keyboard.press(key);
      gave.push(await value());
      assert.equal(await handle.getAttribute('aria-valuenow'), String(gave.at(-1)));
    }
    assert.deepEqual(gave, [51, 52, 51, 50, 40, 50, 40, 0, 0, 100, 100]);
    assert.equal(await handle.getAttribute('aria-valuetext'), 'Before 100%');
    await done();
  },
  async 'Pictures come from addresses too and have one size'(browser) {
    const { page, done } = await prepare(browser);
    await page.evaluate(async () => {
      const file = async (width, height) => {
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext('2d').drawImage(picture(width, height), 0, 0);
        return canvas.convertToBlob();
      };
      const small = await file(20, 10), reader = new FileReader();
      const data = await new Promise(resolve => {
        reader.onload = () => resolve(reader.result);
        reader.readAsDataURL(small);
      });
      slider.show(data, URL.createObjectURL(await file(80, 40)));
      await Promise.all([...document.querySelectorAll('.compare-picture')].map(one => one.decode()));
    });
    await page.waitForFunction(() => {
      const { clientWidth, clientHeight } = document.querySelector('.compare-slider');
      return Math.abs(clientWidth / clientHeight - 2) < 0.02;
    });
    const boxes = await page.locator('.compare-picture').evaluateAll(all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height]));
    assert.equal(boxes.length, 2);
    assert.deepEqual(boxes[0], boxes[1]);
    assert.equal(await page.getByRole('img', { name: 'Before' }).count(), 1);
    await done();
  },
  async 'A finger drags the divider sideways'(browser) {
    const { page, box, value, done } = await prepare(browser, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
    const y = box.y + box.height / 2;
    await touch(page, [0.5, 0.6, 0.7, 0.75].map(share => [[box.x + share * box.width, y]]));
    assert.ok(Math.abs(await value() - 75) < 0.5, String(await value()));
    await done();
  },
};
