// OpenAI's own client against a server: node openai.mjs SCENARIO ADDRESS KEY [FOLDER]. It prints what the client gave as one object of JSON.
// FOLDER holds canvas.png and mask.png.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI, { APIError, APIUserAbortError, toFile } from 'openai';

const [scenario, address, key, folder = '.'] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const small = { model: 'starter', prompt: 'red apple', size: '64x64', seed: 7, steps: 4 };
const file = name => toFile(createReadStream(join(folder, name)), name);
const sha = bytes => createHash('sha256').update(bytes).digest('hex');
const shas = answer => answer.data.map(one => sha(Buffer.from(one.b64_json, 'base64')));

// What a call was refused with, as the client's user sees it.
async function refusal(call) {
  try {
    await call();
    return { kind: 'none' };
  } catch (error) {
    if (!(error instanceof APIError)) return { kind: String(error) };
    const { status, message, type, param, code, requestID } = error;
    return { kind: error.constructor.name, status, message, type, param, code, requestID, hasError: Boolean(error.error?.message) };
  }
}

async function events(call) {
  const all = [];
  for await (const event of await call()) {
    const { b64_json, ...rest } = event;
    all.push({ ...rest, sha256: sha(Buffer.from(b64_json, 'base64')) });
  }
  return all;
}

const scenarios = {
  async models() {
    const list = await client.models.list();
    const one = await client.models.retrieve('starter');
    return { ids: list.data.map(model => model.id), one: one.id };
  },

  async generate() {
    const answer = await client.images.generate(small);
    const raw = await client.images.generate(small).withResponse();
    return {
      one: shas(answer), again: shas(raw.data), requestId: raw.request_id, size: answer.size, format: answer.output_format,
      ten: shas(await client.images.generate({ ...small, n: 10 })),
      auto: shas(await client.images.generate({ model: 'starter', prompt: 'red apple', seed: 7, steps: 4 })),
      jpeg: shas(await client.images.generate({ ...small, output_format: 'jpeg', output_compression: 60 })),
      low: shas(await client.images.generate({ prompt: 'red apple', size: '64x64', seed: 7, quality: 'low' })),
      extended: shas(await client.images.generate({
        ...small, negative_prompt: 'blue', guidance_scale: 4, sampler: 'euler_ancestral', schedule: 'karras', user: 'somebody', moderation: 'low',
      })),
      nested: shas(await client.images.generate({ prompt: 'red apple', size: '64x64', extra_body: { seed: 7, steps: 4 } })),
    };
  },

  async url() {
    const answer = await client.images.generate({ ...small, n: 2, response_format: 'url' });
    const fetched = await Promise.all(answer.data.map(one => fetch(one.url))); // no key
    return {
      urls: answer.data.map(one => one.url),
      statuses: fetched.map(one => one.status),
      types: fetched.map(one => one.headers.get('content-type')),
      pictures: await Promise.all(fetched.map(async one => sha(Buffer.from(await one.arrayBuffer())))),
    };
  },

  async edit() {
    const [canvas, mask] = [await file('canvas.png'), await file('mask.png')];
    const asked = { ...small, size: 'auto' };
    return {
      whole: shas(await client.images.edit({ ...asked, image: canvas, strength: 0.6 })),
      listed: shas(await client.images.edit({ ...asked, image: [await file('canvas.png')], strength: 0.6 })),
      masked: shas(await client.images.edit({ ...asked, image: await file('canvas.png'), mask, n: 2 })),
      faithful: shas(await client.images.edit({ ...asked, image: await file('canvas.png'), input_fidelity: 'high' })),
      varied: shas(await client.images.createVariation({ image: await file('canvas.png'), n: 2, seed: 7, steps: 4 })),
      json: shas(await client.post('/images/edits', {
        body: { ...asked, images: [{ image_url: dataUrl('canvas.png') }], mask: { image_url: dataUrl('mask.png') }, n: 2 },
      })),
      two: await refusal(async () => client.images.edit({ ...asked, image: [await file('canvas.png'), await file('canvas.png')] })),
    };
  },

  async stream() {
    const asked = { ...small, steps: 20, stream: true };
    return {
      none: await events(() => client.images.generate(asked)),
      three: await events(() => client.images.generate({ ...asked, partial_images: 3 })),
      edit: await events(async () => client.images.edit({ ...asked, size: 'auto', image: await file('canvas.png'), partial_images: 2 })),
      masked: await events(async () =>
        client.images.edit({ ...asked, size: 'auto', image: await file('canvas.png'), mask: await file('mask.png'), partial_images: 1 })),
      plain: shas(await client.images.generate({ ...small, steps: 20 })),
    };
  },

  async errors() {
    return {
      model: await refusal(() => client.images.generate({ ...small, model: 'gpt-image-1' })),
      size: await refusal(() => client.images.generate({ ...small, size: '1024x1024' })),
      many: await refusal(() => client.images.generate({ ...small, n: 11, background: 'transparent', sede: 1 })),
      key: await refusal(() => new OpenAI({ baseURL: `${address}/v1`, apiKey: 'wrong', maxRetries: 0 }).images.generate(small)),
      chat: await refusal(() => client.chat.completions.create({ model: 'starter', messages: [] })),
      streamed: await refusal(() => client.images.generate({ ...small, model: 'gpt-image-1', stream: true })),
    };
  },

  // The caller stops reading after the first preview.
  async leave() {
    const stream = await client.images.generate({ ...small, steps: 150, n: 8, stream: true, partial_images: 3 });
    for await (const event of stream) return { first: event.type };
    return { first: null };
  },

  async abort() {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 700);
    try {
      await client.images.generate({ ...small, steps: 150, n: 10 }, { signal: abort.signal });
      return { aborted: false };
    } catch (error) {
      return { aborted: error instanceof APIUserAbortError };
    }
  },

  // For a server whose queue is full.
  async full() {
    return await refusal(() => client.images.generate(small));
  },

  // For one that has room again a moment later: the client waits as it is told, and asks again.
  async retry() {
    let tries = 0;
    const patient = new OpenAI({
      baseURL: `${address}/v1`, apiKey: key, maxRetries: 3,
      fetch: (url, init) => {
        tries++;
        return fetch(url, init);
      },
    });
    return { pictures: shas(await patient.images.generate(small)), tries };
  },
};

const dataUrl = name => `data:image/png;base64,${readFileSync(join(folder, name)).toString('base64')}`;

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
