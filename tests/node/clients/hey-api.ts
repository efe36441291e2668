// A client of @hey-api/openapi-ts: node hey-api.js ADDRESS KEY PICTURE
import { readFileSync } from 'node:fs';
import { createClient, createConfig } from './generated/hey-api/client/index.js';
import { formDataBodySerializer } from './generated/hey-api/core/bodySerializer.gen.js';
import { cancelJob, getImage, getJob, streamJobEvents, txt2Img } from './generated/hey-api/index.js';
import type { GenerationAnswer, Img2ImgErrors, Img2ImgForm, Img2ImgResponses, JobAnswer, Txt2ImgRequest } from './generated/hey-api/index.js';
import { ended, header, long, pause, picture, print, some, wanted } from './report.js';

const [address, key, file] = process.argv.slice(2) as [string, string, string];
const client = createClient(createConfig({ baseUrl: address, auth: scheme => (scheme.scheme === 'bearer' ? key : undefined) }));

/** What the address answers when it waits; the operation's type has the job of a 202 beside it. */
function answer(data: GenerationAnswer | JobAnswer | Blob | File | undefined): GenerationAnswer {
  if (!data || data instanceof Blob || !('timings' in data) || 'progress' in data) throw new Error('The answer is no GenerationAnswer');
  return data as GenerationAnswer;
}

async function find(id: string): Promise<JobAnswer> {
  return (await getJob({ client, path: { id }, throwOnError: true })).data;
}

async function begin(body: Txt2ImgRequest) {
  const { data, response } = await txt2Img({ client, body, headers: { Prefer: 'respond-async' }, throwOnError: true });
  if (data instanceof Blob) throw new Error('The answer is a picture');
  return { id: data.id, response };
}

async function end(id: string) {
  for (let polls = 1; ; polls++) {
    const one = await find(id);
    if (ended(one.status)) return { job: one, polls };
    await pause();
  }
}

async function made() {
  const { data } = await txt2Img({ client, body: wanted, throwOnError: true });
  const { task, status, model, parameters, images } = answer(data);
  return { task, status, model, steps: parameters.steps, sampler: parameters.sampler, picture: picture(images) };
}

// The generated function knows the first of the two bodies alone, which is JSON; the client beneath it sends the other as well.
async function uploaded() {
  const form: Img2ImgForm = {
    image: new File([readFileSync(file)], 'canvas.png'), prompt: 'red apple', seed: 7, steps: 4, sampler: 'euler_ancestral', strength: 0.6,
  };
  const { data } = await client.post<Img2ImgResponses, Img2ImgErrors, true>({
    url: '/v1/img2img', body: form, ...formDataBodySerializer, headers: { 'Content-Type': null }, throwOnError: true,
    security: [{ scheme: 'bearer', type: 'http' }],
  });
  const { task, parameters, images } = answer(data);
  return { task, strength: some(parameters.strength, 'strength'), picture: picture(images) };
}

async function background() {
  const { id, response } = await begin(wanted);
  const { job, polls } = await end(id);
  const { data } = await getImage({ client, path: { id: some(job.images[0], 'the picture').url.split('/').at(-1)! }, throwOnError: true });
  return {
    status: response.status, location: header(response, 'Location'), applied: header(response, 'Preference-Applied'), polls, end: job.status,
    picture: Buffer.from(await data.arrayBuffer()).toString('base64'),
  };
}

async function events() {
  const { id } = await begin({ ...wanted, preview_every: 2 });
  const names: string[] = [], steps: number[] = [];
  let sha256 = '';
  const { stream } = await streamJobEvents({ client, path: { id }, onSseEvent: event => { if (event.event) names.push(event.event); } });
  for await (const one of stream) {
    if (!one) continue;
    if ('share' in one) steps.push(one.step);
    if ('images' in one) sha256 = some(one.images[0], 'the picture').sha256;
  }
  return { names, steps, end: (await find(id)).status, sha256 };
}

async function cancelled() {
  const { id } = await begin(long);
  const { data } = await cancelJob({ client, path: { id }, throwOnError: true });
  return { asked: some(data || undefined, 'the job').status, end: (await end(id)).job.status };
}

async function repeated() {
  const again = (body: Txt2ImgRequest) => txt2Img({ client, body, headers: { 'Idempotency-Key': 'hey-api' } });
  const [first, second, other] = [await again(wanted), await again(wanted), await again({ ...wanted, seed: 8 })];
  return {
    first: answer(first.data).id, second: answer(second.data).id, replayed: header(some(second.response, 'the response'), 'Idempotent-Replayed'),
    other: some(other.error, 'the refusal').type,
  };
}

async function fault() {
  const { error, response } = await txt2Img({ client, body: { ...wanted, steps: 151, guidance_scale: -1 } });
  const problem = some(error, 'the problem');
  return {
    status: some(response, 'the response').status, type: problem.type, requestId: problem.request_id,
    faults: some(problem.errors, 'errors').map(({ field, limit, value }) => ({ field, limit: some(limit, 'limit'), value })),
  };
}

async function missing() {
  const { error, response } = await getJob({ client, path: { id: '0'.repeat(32) } });
  return { status: some(response, 'the response').status, type: some(error, 'the problem').type };
}

async function binary() {
  const { data, response } = await txt2Img({ client, body: wanted, headers: { Accept: 'image/png' }, throwOnError: true });
  if (!(data instanceof Blob)) throw new Error('The answer is no picture');
  return {
    type: header(response, 'Content-Type'), seed: header(response, 'X-Seed'), job: header(response, 'X-Job-Id'),
    data: Buffer.from(await data.arrayBuffer()).toString('base64'),
  };
}

// What the document does not say, the compiler refuses.
// @ts-expect-error: there is no such sampler
const unknownSampler: Txt2ImgRequest = { prompt: '', sampler: 'eular' };
// @ts-expect-error: there is no such field
const unknownField: Txt2ImgRequest = { prompt: '', stepz: 4 };
// @ts-expect-error: a prompt is missing
const incomplete: Img2ImgForm = { image: new Blob() };
// @ts-expect-error: a job has a name
const nameless = () => getJob({ client });

print({
  made: await made(), uploaded: await uploaded(), background: await background(), events: await events(), cancelled: await cancelled(),
  repeated: await repeated(), fault: await fault(), missing: await missing(), binary: await binary(),
});
