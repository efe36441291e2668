import assert from 'node:assert/strict';
import { accessibility, colours, faults, touch } from './canvas-browser.mjs';

// A picture of 64 by 64 in a stage of 536 by 536 stands 12 pixels from each border: eight CSS pixels for each of its own.
const side = 64, margin = 12, scale = 8, brush = 11;

/** The mask that strokes give: `[x0, y0, x1, y1, value]` each, in pixels of the picture. */
function expected(strokes, { start = 0, width = side, height = side, radius = brush / 2 } = {}) {
  let pixels = '';
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    let value = start;
    for (const [x0, y0, x1, y1, to] of strokes) {
      const [dx, dy, px, py] = [x1 - x0, y1 - y0, x + 0.5 - x0, y + 0.5 - y0];
      const along = dx || dy ? Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy))) : 0;
      if (Math.hypot(px - along * dx, py - along * dy) <= radius) value = to;
    }
    pixels += value;
  }
  return pixels;
}

/** Says which pixels differ instead of printing all. */
function same(gave, wanted) {
  const wrong = [...wanted].flatMap((value, i) => gave[i] === value ? [] : [`${i % side},${Math.floor(i / side)}: ${gave[i]}`]);
  assert.ok(gave.length === wanted.length && wrong.length === 0, `${gave.length} pixels, ${wrong.length} wrong: ${wrong.slice(0, 20).join(' · ')}`);
}

async function prepare(browser, options) {
  const page = await browser.open(options);
  await page.evaluate(side => editor.setPicture(picture(side, side, '#00a000')), side);
  await page.locator('.mask-size').fill(String(brush));
  const canvas = page.locator('.mask-canvas'), box = await canvas.boundingBox();
  const at = (x, y, zoom = scale, origin = margin) => [box.x + origin + x * zoom, box.y + origin + y * zoom];
  return {
    page, canvas, box, at,
    pixels: async () => (await page.evaluate(() => maskOf())).pixels,
    stroke: async (x0, y0, x1, y1) => {
      await page.mouse.move(...at(x0, y0));
      await page.mouse.down();
      await page.mouse.move(...at(x1, y1), { steps: 12 });
      await page.mouse.up();
    },
    button: name => page.getByRole('button', { name, exact: true }),
    done: async () => {
      assert.deepEqual(await faults(page), []);
      await page.context().close();
    },
  };
}

const first = [20.5, 20.5, 44.5, 32.5, 1], second = [32.5, 12.5, 32.5, 52.5, 0];
const turned = pixels => pixels.replace(/./g, value => 1 - value);
const nothing = expected([]);

export const mask = {
  async 'A stroke is white where the brush was and black elsewhere'(browser) {
    const { page, stroke, canvas, done } = await prepare(browser);
    assert.deepEqual(await page.evaluate(() => [editor.hasMask, changes.mask]), [false, 1]);
    await stroke(...first);
    const gave = await page.evaluate(() => maskOf());
    assert.deepEqual([gave.type, gave.width, gave.height, String.fromCharCode(...gave.head.slice(1, 4))], ['image/png', side, side, 'PNG']);
    same(gave.pixels, expected([first]));
    assert.deepEqual(await page.evaluate(() => [editor.hasMask, changes.mask]), [true, 2]);
    await page.mouse.move(0, 0);
    const [over, beside] = await colours(page, canvas, [[margin + 32 * scale, margin + 26 * scale], [margin + 5 * scale, margin + 5 * scale]]);
    assert.ok(over[0] > 80 && over[1] < 120, `The mask is seen: ${over}`);
    assert.deepEqual(beside, [0, 160, 0]);
    await done();
  },
  async 'A mask has the size of a picture that is not square'(browser) {
    const { page, done } = await prepare(browser);
    await page.evaluate(() => editor.setPicture(picture(96, 40)));
    await page.evaluate(() => editor.invert());
    const gave = await page.evaluate(() => maskOf());
    assert.deepEqual([gave.width, gave.height, gave.head.slice(16, 24)], [96, 40, [0, 0, 0, 96, 0, 0, 0, 40]]);
    same(gave.pixels, '1'.repeat(96 * 40));
    await done();
  },
  async 'The eraser, undo and redo give the pixels of each step'(browser) {
    const { page, stroke, pixels, button, done } = await prepare(browser);
    await stroke(...first);
    await button('Eraser').click();
    assert.equal(await button('Eraser').getAttribute('aria-pressed'), 'true');
    await stroke(...second);
    const both = expected([first, second]);
    same(await pixels(), both);
    await page.keyboard.press('Control+z');
    same(await pixels(), expected([first]));
    await button('Undo').click();
    same(await pixels(), nothing);
    assert.equal(await button('Undo').getAttribute('aria-disabled'), 'true');
    assert.equal(await page.evaluate(() => editor.hasMask), false);
    await button('Redo').click();
    await page.keyboard.press('Control+Shift+z');
    same(await pixels(), both);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('b');
    await stroke(50.5, 50.5, 50.5, 50.5, 1);
    assert.equal(await button('Redo').getAttribute('aria-disabled'), 'true');
    same(await pixels(), expected([first, [50.5, 50.5, 50.5, 50.5, 1]]));
    await done();
  },
  async 'Invert, clear and a mask that is set are steps of undoing'(browser) {
    const { page, stroke, pixels, button, done } = await prepare(browser);
    await stroke(...first);
    await button('Invert mask').click();
    same(await pixels(), turned(expected([first])));
    await button('Clear mask').click();
    same(await pixels(), nothing);
    assert.equal(await page.evaluate(() => editor.hasMask), false);
    // Twice the size: the left half white, a transparent row that counts as black.
    await page.evaluate(() => {
      const canvas = new OffscreenCanvas(128, 128), context = canvas.getContext('2d');
      context.fillStyle = '#000';
      context.fillRect(64, 0, 64, 128);
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 64, 128);
      context.clearRect(0, 0, 128, 2);
      editor.setMask(canvas.transferToImageBitmap());
    });
    same(await pixels(), '0'.repeat(64) + ('1'.repeat(32) + '0'.repeat(32)).repeat(63));
    for (const before of [nothing, turned(expected([first])), expected([first]), nothing]) {
      await page.evaluate(() => editor.undo());
      same(await pixels(), before);
    }
    await done();
  },
  async 'Zoomed and moved, the brush hits the pixels under it'(browser) {
    const { page, pixels, button, box, done } = await prepare(browser);
    await button('Zoom in').click();
    // Ten CSS pixels a pixel now, about the middle.
    const spot = [box.x + 268 + 4.5 * 10, box.y + 268 - 1.5 * 10], disc = expected([[36.5, 30.5, 36.5, 30.5, 1]]);
    const dab = async (x, y) => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.up();
      same(await pixels(), disc);
      await page.keyboard.press('Control+z');
      same(await pixels(), nothing);
    };
    await dab(...spot);
    const zoom = () => page.locator('.mask-footer output').innerText();
    const wheel = deltaY => page.locator('.mask-canvas').dispatchEvent(
      'wheel', { deltaY, ctrlKey: true, clientX: spot[0], clientY: spot[1], cancelable: true, bubbles: true });
    assert.equal(await zoom(), '1000%');
    await page.mouse.wheel(0, -100);
    assert.equal(await zoom(), '1000%');
    await wheel(-100);
    assert.notEqual(await zoom(), '1000%');
    await dab(...spot);
    await page.keyboard.down(' ');
    await page.mouse.down();
    await page.mouse.move(spot[0] + 40, spot[1] - 30, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up(' ');
    same(await pixels(), nothing);
    await dab(spot[0] + 40, spot[1] - 30);
    await page.keyboard.press('0');
    assert.equal(await zoom(), '800%');
    await done();
  },
  async 'A dense screen is drawn on in its own pixels'(browser) {
    const { page, stroke, pixels, done } = await prepare(browser, { deviceScaleFactor: 2 });
    const seen = await page.evaluate(() => {
      const canvas = document.querySelector('.mask-canvas'), { width, height } = canvas, bytes = canvas.getContext('2d').getImageData(0, 0, width, height).data;
      const green = [...Array(width * height).keys()].filter(i => bytes[4 * i + 1] === 160 && bytes[4 * i + 3] === 255);
      const columns = green.map(i => i % width), rows = green.map(i => Math.floor(i / width));
      const ends = values => values.reduce(([min, max], value) => [Math.min(min, value), Math.max(max, value)], [Infinity, -1]);
      return { width, height, columns: ends(columns), rows: ends(rows) };
    });
    assert.deepEqual(seen, { width: 1072, height: 1072, columns: [24, 1047], rows: [24, 1047] });
    await stroke(...first);
    same(await pixels(), expected([first]));
    await done();
  },
  async 'A resized page keeps the picture whole and the brush right'(browser) {
    const { page, pixels, done } = await prepare(browser, { viewport: { width: 390, height: 800 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    const dab = async (x, y) => {
      const box = await page.locator('.mask-canvas').boundingBox(), zoom = (box.width - 2 * margin) / side;
      await page.mouse.click(box.x + margin + x * zoom, box.y + margin + y * zoom);
    };
    await dab(20.5, 20.5);
    await page.setViewportSize({ width: 330, height: 800 });
    await page.waitForTimeout(100);
    await dab(44.5, 44.5);
    same(await pixels(), expected([[20.5, 20.5, 20.5, 20.5, 1], [44.5, 44.5, 44.5, 44.5, 1]]));
    await done();
  },
  async 'One finger paints and two fingers move the picture'(browser) {
    const { page, at, pixels, done } = await prepare(browser, { hasTouch: true, isMobile: true, viewport: { width: 568, height: 900 } });
    const line = [0, 1, 2, 3, 4, 5, 6].map(i => [at(20.5 + 4 * i, 20.5 + 2 * i)]);
    await touch(page, line);
    same(await pixels(), expected([first]));
    assert.equal(await page.evaluate(() => scrollY), 0);
    await touch(page, [[at(10, 30)], [at(10, 30), at(50, 30)], [at(2, 30), at(58, 30)]]);
    same(await pixels(), expected([first]));
    assert.equal(await page.locator('.mask-footer output').innerText(), '1120%');
    await done();
  },
  async 'Keys alone paint, erase and size the brush'(browser) {
    const { page, canvas, pixels, done } = await prepare(browser);
    await page.locator('.mask-size').focus();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'mask-canvas');
    assert.match(await canvas.getAttribute('aria-description'), /Arrow keys/);
    await page.waitForTimeout(50);
    const [middle] = await colours(page, canvas, [[margin + 32.5 * scale, margin + 32.5 * scale]]);
    assert.ok(middle.every(part => part > 200), `The cursor is seen: ${middle}`);
    // Half the brush's width for each arrow, six pixels.
    for (const key of ['ArrowLeft', 'ArrowLeft', 'Enter', 'Shift+ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
    await page.keyboard.down(' ');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.up(' ');
    const painted = [[20.5, 32.5, 20.5, 32.5, 1], [20.5, 25.5, 32.5, 25.5, 1]];
    same(await pixels(), expected(painted));
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    same(await pixels(), expected([...painted, [32.5, 25.5, 32.5, 25.5, 0]]));
    const size = () => page.locator('.mask-size').inputValue();
    await page.keyboard.press(']');
    assert.equal(await size(), '13');
    for (const key of ['[', '[', '[']) await page.keyboard.press(key);
    assert.equal(await size(), '9');
    await done();
  },
  async 'The tools are one stop of the tab key'(browser) {
    const { page, done } = await prepare(browser);
    const name = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    await page.getByRole('button', { name: 'Brush' }).focus();
    const names = [];
    for (const key of ['ArrowRight', 'End', 'ArrowRight', 'ArrowLeft', 'Home']) {
      await page.keyboard.press(key);
      names.push(await name());
    }
    assert.deepEqual(names, ['Eraser', 'Invert mask', 'Brush', 'Invert mask', 'Brush']);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'mask-size');
    await done();
  },
  async 'Undoing is bounded by memory and keeps the newest step'(browser) {
    const { page, done } = await prepare(browser);
    const steps = await page.evaluate(async () => {
      const { Mask } = await import('/playground/drawing/mask.js');
      return [2048, 1].map(bytes => {
        // A step of the whole picture takes 512 bytes.
        const mask = new Mask(64, 64, bytes);
        let undone = 0;
        for (let i = 0; i < 9; i++) {
          mask.replace(value => value ^ 1);
          mask.commit();
        }
        while (mask.undo()) undone++;
        return undone;
      });
    });
    assert.deepEqual(steps, [4, 1]);
    await done();
  },
  async 'Nothing stands in the way of a reader'(browser) {
    for (const options of [{}, { colorScheme: 'dark', locale: 'ko', viewport: { width: 390, height: 800 } }]) {
      const page = await browser.open(options);
      assert.deepEqual(await accessibility(page), []);
      await page.evaluate(() => {
        editor.setPicture(picture(64, 64));
        editor.invert();
        frame.setPicture(picture(64, 64));
        slider.show(picture(16, 16), picture(64, 64));
      });
      assert.deepEqual(await accessibility(page), []);
      assert.deepEqual(await faults(page), []);
      await page.context().close();
    }
  },
};
