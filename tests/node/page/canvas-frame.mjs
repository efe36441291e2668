import assert from 'node:assert/strict';
import { faults, touch } from './canvas-browser.mjs';

async function prepare(browser, options) {
  const page = await browser.open(options);
  await page.evaluate(() => frame.setPicture(picture(64, 64)));
  await page.locator('#frame').scrollIntoViewIfNeeded();
  const handle = side => page.locator(side.includes(' ') ? `.frame-corner.frame-${side.replace(' ', '.frame-')}` : `.frame-${side}[role=slider]`);
  const middle = async side => {
    const box = await handle(side).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  return {
    page, handle, middle,
    edges: () => page.evaluate(() => frame.edges),
    scale: async () => (await page.locator('.frame-picture').boundingBox()).width / 64,
    size: () => page.locator('.frame-size').innerText(),
    /** Drags by CSS pixels and gives where the handle then is, while it is held. */
    drag: async (side, dx, dy) => {
      const [x, y] = await middle(side);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + dx, y + dy, { steps: 6 });
      const held = await middle(side);
      await page.mouse.up();
      return { x: held[0] - x, y: held[1] - y };
    },
    done: async () => {
      assert.deepEqual(await faults(page), []);
      await page.context().close();
    },
  };
}

const none = { left: 0, top: 0, right: 0, bottom: 0 };

export const frame = {
  async 'Each edge and corner is dragged outwards in whole steps'(browser) {
    const { page, drag, edges, scale, size, done } = await prepare(browser, { viewport: { width: 700, height: 1400 } });
    const outwards = {
      left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1],
      'left top': [-1, -1], 'right top': [1, -1], 'left bottom': [-1, 1], 'right bottom': [1, 1],
    };
    for (const [handle, [x, y]] of Object.entries(outwards)) {
      await page.evaluate(none => { frame.edges = none; }, none);
      const zoom = await scale(), moved = 9.6 * zoom, held = await drag(handle, x * moved, y * moved);
      const wanted = { ...none };
      for (const side of handle.split(' ')) wanted[side] = 8;
      assert.deepEqual(await edges(), wanted, handle);
      // What is held follows the pointer but for the step.
      if (x) assert.ok(Math.abs(held.x - x * 8 * zoom) < 1, `${handle} moved by ${held.x}`);
      if (y) assert.ok(Math.abs(held.y - y * 8 * zoom) < 1, `${handle} moved by ${held.y}`);
    }
    assert.equal(await size(), '72 × 72');
    assert.ok(await page.evaluate(() => changes.frame) >= 8);
    await done();
  },
  async 'Alt moves by single pixels and no edge goes inwards'(browser) {
    const { page, drag, edges, scale, done } = await prepare(browser);
    await page.keyboard.down('Alt');
    await drag('right', 11 * await scale(), 0);
    await page.keyboard.up('Alt');
    assert.deepEqual(await edges(), { ...none, right: 11 });
    await drag('right', -60 * await scale(), 0);
    assert.deepEqual(await edges(), none);
    await done();
  },
  async 'An edge at the border goes on to the limit'(browser) {
    const { page, middle, edges, size, done } = await prepare(browser);
    await page.mouse.move(...await middle('right'));
    await page.mouse.down();
    await page.mouse.move(690, (await middle('right'))[1], { steps: 3 });
    await page.waitForFunction(() => frame.edges.right === 2000, undefined, { timeout: 10_000 });
    const stage = await page.locator('.frame-stage').boundingBox(), area = await page.locator('.frame-area').boundingBox();
    assert.ok(area.x >= stage.x && area.x + area.width <= stage.x + stage.width, 'The frame stays on its stage.');
    await page.mouse.up();
    assert.deepEqual(await edges(), { ...none, right: 2000 });
    assert.equal(await size(), '2064 × 64');
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.deepEqual(await edges(), none);
    await done();
  },
  async 'A finger drags an edge'(browser) {
    const { page, middle, edges, scale, done } = await prepare(browser, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
    const [x, y] = await middle('right'), zoom = await scale(), scrolled = await page.evaluate(() => scrollY);
    await touch(page, [1, 2, 3, 4].map(i => [[x + (i - 1) * 8 / 3 * zoom, y + i]]));
    assert.deepEqual(await edges(), { ...none, right: 8 });
    assert.equal(await page.evaluate(() => scrollY), scrolled);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await done();
  },
  async 'Keys move the edges and say where they are'(browser) {
    const { page, handle, edges, done } = await prepare(browser);
    const press = async (side, keys) => {
      await handle(side).focus();
      const gave = [];
      for (const key of keys) {
        await page.keyboard.press(key);
        gave.push((await edges())[side]);
        assert.equal(await handle(side).getAttribute('aria-valuenow'), String(gave.at(-1)));
      }
      return gave;
    };
    const keys = ['ArrowRight', 'Shift+ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'PageUp', 'PageDown', 'End', 'ArrowRight', 'Home', 'ArrowLeft'];
    assert.deepEqual(await press('right', keys), [8, 9, 16, 8, 16, 80, 16, 2000, 2000, 0, 0]);
    assert.deepEqual(await press('left', ['ArrowLeft', 'ArrowLeft', 'ArrowRight', 'Shift+ArrowRight', 'ArrowRight']), [8, 16, 8, 7, 0]);
    assert.deepEqual(await press('top', ['ArrowUp', 'ArrowUp', 'ArrowDown']), [8, 16, 8]);
    assert.deepEqual(await press('bottom', ['ArrowDown', 'ArrowDown', 'ArrowUp']), [8, 16, 8]);
    assert.equal(await handle('top').getAttribute('aria-valuetext'), '8 px');
    await done();
  },
  async 'Fields and edges say the same'(browser) {
    const { page, handle, edges, size, done } = await prepare(browser);
    const field = page.getByRole('spinbutton', { name: 'Left', exact: true });
    await field.fill('100');
    assert.deepEqual(await edges(), { ...none, left: 100 });
    assert.equal(await handle('left').getAttribute('aria-valuenow'), '100');
    assert.equal(await size(), '164 × 64');
    await page.keyboard.press('ArrowUp');
    assert.deepEqual([(await edges()).left, await field.inputValue()], [104, '104']);
    for (const [typed, value] of [['5000', '2000'], ['', '0'], ['-3', '0'], ['12.4', '12']]) {
      await field.fill(typed);
      await field.blur();
      assert.deepEqual([(await edges()).left, await field.inputValue()], [Number(value), value], typed);
    }
    const before = await page.evaluate(() => changes.frame);
    await page.evaluate(() => { frame.edges = { left: 8.4, top: -5, right: 9999, bottom: 24 }; });
    assert.deepEqual(await edges(), { left: 8, top: 0, right: 2000, bottom: 24 });
    assert.equal(await page.getByRole('spinbutton', { name: 'Bottom', exact: true }).inputValue(), '24');
    assert.equal(await page.evaluate(() => changes.frame), before);
    await done();
  },
};
