// A client of openapi-typescript and openapi-fetch: node openapi-fetch.js ADDRESS KEY PICTURE
import { readFileSync } from 'node:fs';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/openapi-typescript/schema.js';
import { ended, header, long, pause, picture, print, some, wanted } from './report.js';

type Schemas = components['schemas'];

const [address, key, file] = process.argv.slice(2) as [string, string, string];

// Each operation takes and gives more than one media type: those that are named here are the types of bodies and answers.
type Answers = 'application/json' | 'application/problem+json';
const options = { baseUrl: address, headers: { Authorization: `Bearer ${key}` } };
const client = createClient<paths, Answers>(options);
const forms = createClient<paths, Answers | 'multipart/form-data'>(options);
const files = createClient<paths>(options);
const streams = createClient<paths, 'text/event-stream'>(options);

async function job(id: string): Promise<Schemas['JobAnswer']> {
  const { data, error } = await client.GET('/v1/jobs/{id}', { params: { path: { id } } });
  if (error) throw new Error(error.detail);
  return data;
}

async function begin(body: Schemas['Txt2ImgRequest']) {
  const { data, response } = await client.POST('/v1/txt2img', { body, params: { header: { Prefer: 'respond-async' } } });
  return { id: some(data, 'the job').id, response };
}

async function end(id: string) {
  for (let polls = 1; ; polls++) {
    const one = await job(id);
    if (ended(one.status)) return { job: one, polls };
    await pause();
  }
}

async function made() {
  const { data, error } = await client.POST('/v1/txt2img', { body: wanted });
  if (error) throw new Error(error.detail);
  // 200 and 202 are one type here: only a job has progress.
  if ('progress' in data) throw new Error('The answer is a job');
  const { task, status, model, parameters, images } = data;
  return { task, status, model, steps: parameters.steps, sampler: parameters.sampler, picture: picture(images) };
}

async function uploaded() {
  const form: Schemas['Img2ImgForm'] = { image: '', prompt: 'red apple', seed: 7, steps: 4, sampler: 'euler_ancestral', strength: 0.6 };
  const { data, error } = await forms.POST('/v1/img2img', {
    body: form,
    bodySerializer: body => {
      const parts = new FormData();
      for (const [name, value] of Object.entries(body)) if (name !== 'image') parts.append(name, String(value));
      parts.append('image', new Blob([readFileSync(file)]), 'canvas.png');
      return parts;
    },
  });
  if (error) throw new Error(error.detail);
  return { task: data.task, strength: some((data.parameters as Schemas['Parameters']).strength, 'strength'), picture: picture(data.images) };
}

async function background() {
  const { id, response } = await begin(wanted);
  const { job, polls } = await end(id);
  const image = await files.GET('/v1/images/{id}', {
    params: { path: { id: some(job.images[0], 'the picture').url.split('/').at(-1)! } }, parseAs: 'arrayBuffer',
  });
  return {
    status: response.status, location: header(response, 'Location'), applied: header(response, 'Preference-Applied'), polls, end: job.status,
    picture: Buffer.from(some(image.data, 'the file')).toString('base64'),
  };
}

async function events() {
  const { id } = await begin({ ...wanted, preview_every: 2 });
  const { data } = await streams.GET('/v1/jobs/{id}/events', { params: { path: { id } }, parseAs: 'stream' });
  const names: string[] = [], steps: number[] = [];
  let text = '', sha256 = '';
  for await (const part of some(data, 'the stream').pipeThrough(new TextDecoderStream())) {
    const blocks = (text += part).split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string) => block.split('\n').find(line => line.startsWith(name + ':'))?.slice(name.length + 1).trim();
      const name = field('event');
      if (!name) continue; // a comment
      const value: unknown = JSON.parse(some(field('data'), 'data'));
      names.push(name);
      if (name === 'progress') steps.push((value as Schemas['ProgressEvent']).step);
      if (name === 'succeeded') sha256 = some((value as Schemas['GenerationAnswer']).images[0], 'the picture').sha256;
    }
  }
  return { names, steps, end: (await job(id)).status, sha256 };
}

async function cancelled() {
  const { id } = await begin(long);
  const { data } = await client.DELETE('/v1/jobs/{id}', { params: { path: { id } } });
  return { asked: some(data, 'the job').status, end: (await end(id)).job.status };
}

async function repeated() {
  const again = (body: Schemas['Txt2ImgRequest']) => client.POST('/v1/txt2img', { body, params: { header: { 'Idempotency-Key': 'openapi-fetch' } } });
  const [first, second, other] = [await again(wanted), await again(wanted), await again({ ...wanted, seed: 8 })];
  return {
    first: some(first.data, 'the first').id, second: some(second.data, 'the second').id, replayed: header(second.response, 'Idempotent-Replayed'),
    other: some(other.error, 'the refusal').type,
  };
}

async function fault() {
  const { error, response } = await client.POST('/v1/txt2img', { body: { ...wanted, steps: 151, guidance_scale: -1 } });
  const problem = some(error, 'the problem');
  return {
    status: response.status, type: problem.type, requestId: problem.request_id,
    faults: some(problem.errors, 'errors').map(({ field, limit, value }) => ({ field, limit: some(limit, 'limit'), value })),
  };
}

async function missing() {
  const { error, response } = await client.GET('/v1/jobs/{id}', { params: { path: { id: '0'.repeat(32) } } });
  return { status: response.status, type: some(error, 'the problem').type };
}

async function binary() {
  const { data, response } = await files.POST('/v1/txt2img', { body: wanted, headers: { Accept: 'image/png' }, parseAs: 'arrayBuffer' });
  return {
    type: header(response, 'Content-Type'), seed: header(response, 'X-Seed'), job: header(response, 'X-Job-Id'),
    data: Buffer.from(some(data, 'the picture')).toString('base64'),
  };
}

// What the document does not say, the compiler refuses.
// @ts-expect-error: there is no such sampler
const unknownSampler: Schemas['Txt2ImgRequest'] = { prompt: '', sampler: 'eular' };
// @ts-expect-error: there is no such field
const unknownField: Schemas['Txt2ImgRequest'] = { prompt: '', stepz: 4 };
// @ts-expect-error: a prompt is missing
const incomplete: Schemas['Img2ImgForm'] = { image: '' };
// @ts-expect-error: there is no such address
const unknownAddress = () => client.GET('/v1/job');

print({
  made: await made(), uploaded: await uploaded(), background: await background(), events: await events(), cancelled: await cancelled(),
  repeated: await repeated(), fault: await fault(), missing: await missing(), binary: await binary(),
});
