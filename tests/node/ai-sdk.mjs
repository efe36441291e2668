// The AI SDK's provider for compatible servers: node ai-sdk.mjs ADDRESS KEY FOLDER. It prints what the client gave as one object of JSON.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateImage } from 'ai';

const [address, apiKey, folder] = process.argv.slice(2);
const provider = createOpenAICompatible({ name: 'darkroom', baseURL: `${address}/v1`, apiKey });
const model = provider.imageModel('starter');
const file = name => readFileSync(join(folder, name));
const shas = answer => answer.images.map(one => createHash('sha256').update(one.uint8Array).digest('hex'));
const own = { darkroom: { seed: 7, steps: 4 } };

async function refusal(call) {
  try {
    await call();
    return { kind: 'none' };
  } catch (error) {
    if (!APICallError.isInstance(error)) return { kind: String(error) };
    return { kind: 'APICallError', status: error.statusCode, message: error.message, isRetryable: error.isRetryable, data: error.data };
  }
}

console.log(JSON.stringify({
  one: shas(await generateImage({ model, prompt: 'red apple', size: '64x64', providerOptions: own })),
  ten: shas(await generateImage({ model, prompt: 'red apple', size: '64x64', n: 10, providerOptions: own })),
  auto: shas(await generateImage({ model, prompt: 'red apple', providerOptions: own })),
  edit: shas(await generateImage({
    model, prompt: { text: 'red apple', images: [file('canvas.png')] }, providerOptions: { darkroom: { ...own.darkroom, strength: 0.6 } },
  })),
  masked: shas(await generateImage({
    model, prompt: { text: 'red apple', images: [file('canvas.png')], mask: file('mask.png') }, n: 2, providerOptions: own,
  })),
  url: shas(await generateImage({
    model, prompt: 'red apple', size: '64x64', providerOptions: { darkroom: { ...own.darkroom, response_format: 'url' } },
  })),
  unknown: await refusal(() => generateImage({ model: provider.imageModel('dall-e-3'), prompt: 'red apple', maxRetries: 0 })),
  size: await refusal(() => generateImage({ model, prompt: 'red apple', size: '1024x1024', maxRetries: 0 })),
}));
process.exit(0);
