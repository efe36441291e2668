// How the page looks and reads: languages, colours, a narrow screen, keys, screen readers.
import path from 'node:path';
import { accessibility, equal, generate, holds, task } from './playground-browser.mjs';

const shots = process.env.DARKROOM_SCREENSHOTS;
const shot = async (page, name) => { if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), animations: 'disabled' }); };

/** The page in all its states. */
async function states(page, picture, look) {
  await look('empty');
  await page.fill('#prompt', 'red apple, (3d render:1.2), [flat]');
  await page.waitForFunction(() => document.querySelector('#pieces').textContent.includes('×1.2'));
  await page.fill('#field-steps', '500');
  await page.click('#generate');
  await page.waitForSelector('.wrong');
  await look('faults');
  await page.fill('#field-steps', '6');
  await page.fill('#field-seed', '1');
  await page.fill('#field-count', '2');
  await page.locator('#advanced summary').click();
  await page.check('#field-hires');
  await look('advanced');
  await page.uncheck('#field-hires');
  await page.check('#field-explain');
  await page.locator('#advanced summary').click();
  await generate(page);
  await page.click('.details summary');
  await look('result');
  await page.click('.details summary');
  await page.focus('.word');
  await page.keyboard.press('Tab');
  await page.waitForSelector('.picture.map:not([hidden])');
  await look('word');
  for (const name of ['inpaint', 'outpaint', 'upscale']) {
    await task(page, name);
    if (name === 'inpaint') await page.setInputFiles('#source input[type=file]', picture);
    await page.waitForTimeout(150);
    await look(name);
  }
  await page.fill('#field-scale', '2');
  await generate(page);
  await page.waitForSelector('.compare-slider');
  await look('compare');
  await page.click('#code');
  await look('code');
  await page.keyboard.press('Escape');
  await page.click('#key');
  await look('key');
  await page.keyboard.press('Escape');
}

const accessible = scheme => async (open, { picture }) => {
  const page = await open({ colorScheme: scheme });
  await states(page, picture, async name => {
    await accessibility(page, `${scheme} ${name}`);
    await shot(page, `${scheme}-${name}`);
  });
  return page;
};

export const looks = {
  'nothing breaks a rule of accessibility in light colours': accessible('light'),
  'nothing breaks a rule of accessibility in dark colours': accessible('dark'),

  async 'a narrow screen'(open, { picture }) {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await states(page, picture, async name => {
      const { width, inner } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, inner: innerWidth }));
      equal([inner, width], [390, 390], `the width of ${name}`);
      holds(await page.evaluate(() => {
        const box = document.querySelector('#generate').getBoundingClientRect();
        return box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
      }), `Generate is out of sight: ${name}`);
      await accessibility(page, `narrow ${name}`);
      await shot(page, `narrow-${name}`);
    });
    return page;
  },

  async 'Korean'(open) {
    const page = await open({ locale: 'ko-KR' });
    equal(await page.evaluate(() => document.documentElement.lang), 'ko', 'the language');
    equal([await page.textContent('label[for=prompt]'), (await page.textContent('#generate span')).trim()], ['프롬프트', '생성'], 'texts');
    await page.fill('#prompt', 'red apple, 3d render');
    await page.fill('#field-steps', '4');
    await generate(page);
    holds((await page.textContent('.details summary')).includes('설정값'), 'The facts are not in Korean.');
    // Every text that stands in both files differs from its key, and no key is shown.
    const bare = await page.evaluate(() => [...document.querySelectorAll('body *')].filter(one => one.childElementCount === 0)
      .map(one => one.textContent.trim()).filter(text => /^[a-z]+(\.[a-z_-]+)+$/.test(text)));
    equal(bare, [], 'keys that are shown');
    await shot(page, 'korean');
    await page.selectOption('#language', 'en');
    await page.waitForFunction(() => document.documentElement.lang === 'en' && document.documentElement.dataset.ready);
    equal([await page.inputValue('#prompt'), await page.textContent('label[for=prompt]')], ['red apple, 3d render', 'Prompt'], 'after the switch');
    return page;
  },

  async 'both languages have the same texts'(open) {
    const page = await open();
    const [missing, unused] = await page.evaluate(async () => {
      const base = document.querySelector('script[src]').src.replace('main.js', 'i18n/');
      const [{ en }, { ko }] = await Promise.all(['en.js', 'ko.js'].map(name => import(base + name)));
      const holes = text => [...text.matchAll(/\{\w+\}/g)].map(one => one[0]).sort().join();
      return [Object.keys(en).filter(key => !ko[key] || holes(ko[key]) !== holes(en[key])), Object.keys(ko).filter(key => !(key in en))];
    });
    equal([missing, unused], [[], []], 'texts');
    return page;
  },

  async 'light and dark can be chosen'(open) {
    const page = await open({ colorScheme: 'light' });
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await back();
    await page.click('#theme');
    const dark = await back();
    holds(light !== dark, 'The colours are the same.');
    await page.reload();
    equal(await back(), dark, 'the colours after a reload');
    await page.click('#theme');
    equal(await back(), light, 'the colours of the system');
    return page;
  },

  async 'keys alone make a picture'(open) {
    const page = await open();
    await page.keyboard.press('Tab');
    equal(await page.evaluate(() => document.activeElement.className), 'skip', 'the first stop');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    for (let i = 0; i < 12 && await page.evaluate(() => document.activeElement.id) !== 'prompt'; i++) await page.keyboard.press('Tab');
    equal(await page.evaluate(() => document.activeElement.id), 'prompt', 'the prompt is reached');
    await page.keyboard.type('red apple');
    await page.keyboard.press('Control+ArrowUp');
    equal(await page.inputValue('#prompt'), 'red (apple:1.1)', 'a weight');
    await page.fill('#field-steps', '2');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('#result .actions');
    await page.focus('#task-txt2img');
    await page.keyboard.press('ArrowRight');
    equal(await page.isChecked('#task-img2img'), true, 'another task');
    return page;
  },
};
