// What the form says, as a request of the native API.
import { defaultOf, isTaken } from './fields.js';
import { server } from './server.js';
import { state } from './state.js';
import type { Task, Values } from './wire.js';

/** Pictures of a request, which its JSON holds as base64. */
export interface Pictures { image?: Blob; mask?: Blob; control?: Blob }

export interface Order { task: Task; fields: Values; pictures: Pictures }

interface Control { model: string; weight?: number; start?: number; end?: number; guess?: boolean }

/** The request of the form as it stands, without pictures: those are named beside it. */
export function orderOf(): Order {
  const { task, values } = state;
  const fields: Values = {};
  if (task !== 'upscale') fields.prompt = values.prompt ?? '';
  for (const name of Object.keys(server.fields[task] ?? {}))
    if (name in values && name !== 'model' && name !== 'controls' && isTaken(name)) fields[name] = values[name];
  const model = task === 'upscale' ? values.upscale_model : values.model;
  if (model) fields.model = model;
  const pictures: Pictures = {};
  if (task !== 'txt2img' && state.pictures.image) pictures.image = state.pictures.image;
  if (task === 'inpaint' && state.pictures.mask) pictures.mask = state.pictures.mask;
  const control = values.control as Control | undefined;
  if (control?.model && isTaken('controls')) {
    fields.controls = [{ ...control }];
    if (state.pictures.control) pictures.control = state.pictures.control;
  }
  return { task, fields, pictures };
}

const base64 = (blob: Blob): Promise<string> => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ''));
  reader.onerror = () => failed(reader.error ?? new Error('The picture cannot be read.'));
  reader.readAsDataURL(blob);
});

/** The body to post: the order with its pictures, answered by address, with previews on the way. */
export async function bodyOf({ task, fields, pictures }: Order): Promise<Values> {
  const body: Values = { ...fields, return: 'url' };
  if (task !== 'upscale') body.preview_every ??= previewEvery(fields);
  if (pictures.image) body.image = await base64(pictures.image);
  if (pictures.mask) body.mask = await base64(pictures.mask);
  const controls = fields.controls as Values[] | undefined;
  if (controls && pictures.control) body.controls = [{ ...controls[0], image: await base64(pictures.control) }];
  return body;
}

/** About ten previews of a picture. */
function previewEvery(fields: Values): number {
  const steps = Number(fields.steps ?? defaultOf('steps') ?? 20);
  return Math.max(1, Math.round(steps / 10));
}

// What a request cannot have, or what belongs to its delivery rather than to its picture.
const leftOut = new Set([
  'model', 'image', 'mask', 'controls', 'return', 'preview_every', 'model_hash', 'vae_hash', 'embeddings', 'priority', 'deadline', 'webhook',
]);

/** Puts what made a picture into the form. Values that are the model's own anyway are left to it. */
export function useValues(task: Task, made: Values): void {
  const values: Values = {};
  for (const [name, value] of Object.entries(made))
    if (!leftOut.has(name) && value !== undefined && (value !== null || name === 'upscale')) values[name] = value;
  if (made.model) values[task === 'upscale' ? 'upscale_model' : 'model'] = made.model;
  const control = (made.controls as Control[] | undefined)?.[0];
  if (control) values.control = { model: control.model, weight: control.weight, start: control.start, end: control.end, guess: control.guess };
  if (values.count === 1) delete values.count;
  // The words that were shown are those of that prompt: the form asks for all of whatever stands in it.
  if (values.explain) values.explain = true;
  state.setTask(task);
  for (const [name, value] of Object.entries(values))
    if (name !== 'seed' && name !== 'prompt' && JSON.stringify(value) === JSON.stringify(defaultOf(name))) delete values[name];
  state.setAll(values);
}
