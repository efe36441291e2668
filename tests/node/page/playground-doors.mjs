// The playground of a server that asks for a key, and of one that is killed in the middle of a job:
// node playground-doors.mjs key ADDRESS KEY, restart PROGRAM DATA, or parts ADDRESS PICTURE FOLDER (a server with a LoRA and a ControlNet; the folder gets the
// request in C#, as request.cs). It prints what each scenario found as one object of JSON.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { accessibility, Browser, equal, generate, holds, jobOf, patience, ready, shown } from './playground-browser.mjs';

const [which, first, second, third] = process.argv.slice(2);
const browser = await Browser.start();
const found = {};

async function check(name, scenario) {
  try {
    await scenario();
    found[name] = null;
  } catch (error) {
    found[name] = String(error.stack ?? error);
  }
}

async function withKey() {
  const page = await browser.open(first, {}, { waits: false });
  await check('a wrong key is refused', async () => {
    await page.waitForSelector('dialog #key-input');
    await page.fill('#key-input', 'not-the-key-0123456789');
    await page.click('dialog button[type=submit]');
    await page.waitForFunction(() => document.querySelector('#key-error')?.textContent.includes('does not accept'));
    equal(await page.getAttribute('#key-input', 'aria-invalid'), 'true', 'the field');
    await page.fill('#key-input', 'with a blank');
    await page.click('dialog button[type=submit]');
    holds((await page.textContent('#key-error')).includes('without spaces'), 'A key with blanks is taken.');
  });
  await check('the right key makes pictures', async () => {
    await page.fill('#key-input', second);
    await page.click('dialog button[type=submit]');
    await ready(page);
    await page.fill('#prompt', 'red apple, (3d render:1.2)');
    await page.waitForFunction(() => document.querySelector('#tokens').textContent.includes('/ 30'));
    await page.fill('#field-steps', '8');
    await generate(page);
    await page.waitForFunction(() => document.querySelector('.picture')?.naturalWidth > 0);
  });
  await check('a key is kept for the tab alone, unless it is to be kept', async () => {
    const places = () => page.evaluate(() =>
      [Object.values(sessionStorage), Object.values(localStorage)].map(all => all.some(one => one.includes('clients-'))));
    equal(await places(), [true, false], 'where it is');
    await page.reload();
    await ready(page);
    await page.click('#key');
    await page.fill('#key-input', second);
    await page.check('#key-remember');
    await page.click('dialog button[type=submit]');
    equal(await places(), [false, true], 'where it is then');
    await page.click('#key');
    await page.click('dialog button:has-text("Remove key")');
    equal(await places(), [false, false], 'where it is after it was removed');
  });
  await browser.close(page);
}

async function freePort() {
  const socket = net.createServer();
  await new Promise(done => socket.listen(0, '127.0.0.1', done));
  const { port } = socket.address();
  await new Promise(done => socket.close(done));
  return port;
}

async function start(port) {
  const server = spawn(first, ['--urls', `http://127.0.0.1:${port}`], { env: { ...process.env, Darkroom__DataPath: second }, stdio: 'ignore' });
  for (let tries = 0; tries < 300; tries++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/readyz`)).ok) return server;
    } catch {
      // not yet
    }
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error('The server does not start.');
}

const killed = server => new Promise(done => {
  server.once('exit', done);
  server.kill('SIGKILL');
});

async function restarted() {
  const port = await freePort();
  let server = await start(port);
  try {
    const page = await browser.open(`http://127.0.0.1:${port}`);
    await check('a job goes on after the server was killed', async () => {
      await page.fill('#prompt', 'red apple, 3d render');
      await page.fill('#field-steps', '150');
      await page.fill('#field-count', '2');
      await page.click('#generate');
      await page.waitForFunction(() => /Step [1-9]/.test(document.querySelector('.standing')?.textContent ?? ''), null, { timeout: patience });
      const [id] = await page.evaluate(() => JSON.parse(localStorage.getItem('darkroom.jobs')));
      await killed(server);
      await page.waitForFunction(() => document.querySelector('.standing')?.textContent.includes('cannot be reached'), null, { timeout: patience });
      server = await start(port);
      await page.waitForFunction(() => /Step [1-9]/.test(document.querySelector('.standing')?.textContent ?? ''), null, { timeout: patience });
      await page.waitForSelector('#result .actions', { timeout: patience });
      equal((await shown(page)).split('/')[0], id, 'the job');
    });
    await browser.close(page);
  } finally {
    await killed(server);
  }
}

async function withParts() {
  const page = await browser.open(first);
  await check('a LoRA and a ControlNet are in the request', async () => {
    await page.fill('#prompt', 'a cat');
    await page.fill('#field-steps', '2');
    await page.selectOption('#field-sampler', 'ddim');
    await page.selectOption('#field-loras', 'crayons');
    await page.fill('input[aria-label="Weight of crayons"]', '0.6');
    await page.selectOption('#field-controls', 'edges');
    await page.setInputFiles('[data-slot=control] input[type=file]', second);
    await page.fill('[data-name=weight]', '0.5');
    await generate(page);
    const { parameters } = await jobOf(page);
    equal([parameters.loras.map(one => [one.id, one.weight]), parameters.controls], [[['crayons', 0.6]],
      [{ model: 'edges', weight: 0.5, start: 0, end: 1, guess: false }]], 'the parameters');
    await accessibility(page, 'parts');
    // Every kind of value that C# writes in its own way.
    await page.locator('#advanced summary').click();
    await page.check('#field-hires');
    await page.fill('#hires-scale', '1.5');
    await page.selectOption('#field-upscale', 'none');
    await page.selectOption('#field-format', 'png');
    await page.click('#code');
    await page.click('#tab-csharp');
    writeFileSync(path.join(third, 'request.cs'), await page.textContent('#code-text'));
    await page.keyboard.press('Escape');
    // The server takes no tiling with a ControlNet, and says so where it was asked for.
    await page.selectOption('#field-tiling', 'x');
    await page.click('#code');
    holds((await page.textContent('#code-text')).includes('Tiling = new("x"),'), 'tiling in C#');
    await page.keyboard.press('Escape');
    await page.click('#generate');
    await page.waitForFunction(() => document.querySelector('#tiling-error').textContent.includes('ControlNets'));
    await page.click('#reset');
    equal([await page.locator('.row').count(), await page.inputValue('#field-controls')], [0, ''], 'an empty form');
    await page.click('button:has-text("Use these again")');
    equal([await page.inputValue('input[aria-label="Weight of crayons"]'), await page.inputValue('#field-controls')], ['0.6', 'edges'], 'the form again');
    await page.click('button[aria-label="Remove crayons"]');
    equal(await page.locator('.row').count(), 0, 'no LoRA');
    await page.click('#code');
    await page.click('#tab-csharp');
    const code = await page.textContent('#code-text');
    holds(code.includes('Controls = [new("edges") { Weight = 0.5, Start = 0, End = 1, Guess = false, Image = PictureSource.FromFile("control.png") }]'), code);
  });
  await browser.close(page);
}

await { key: withKey, restart: restarted, parts: withParts }[which]();
found.console = browser.faults.length === 0 ? null : browser.faults.join('\n');
await browser.stop();
console.log(JSON.stringify(found));
