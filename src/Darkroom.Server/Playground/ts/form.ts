// The form: which fields a task shows, in which order, and where faults are told.
import { byId, h } from './dom.js';
import {
  choiceField, defaultOf, flagField, isTaken, labelOf, namesOf, numberField, seedField, switchField, textField, type Control, type Option,
} from './fields.js';
import { t } from './i18n/index.js';
import { hiresField, lorasField, tilingField, upscaleField } from './parts.js';
import { server } from './server.js';
import { sizeField } from './sizes.js';
import { state } from './state.js';
import type { Fault } from './wire.js';

const models = (): Option[] => server.models.filter(one => !one.reason).map(one => ({ value: one.id, label: one.title || one.id }));
const upscalers = (): Option[] => server.upscalers.filter(one => !one.reason).map(one => ({ value: one.id, label: one.title || one.id }));
const vaes = (): Option[] => server.vaes.filter(one => !one.reason).map(one => ({ value: one.id, label: one.title || one.id }));

function samplers(): Option[] {
  const own = server.model(state.values.model)?.samplers;
  return server.samplers.filter(one => !own || own.includes(one.name)).map(one => ({ value: one.name, label: one.title }));
}

/** The schedules that have a meaning with the sampler. */
function schedules(): Option[] {
  const sampler = server.samplers.find(one => one.name === (state.values.sampler ?? defaultOf('sampler')));
  return server.schedules.filter(one => !sampler || sampler.schedules.includes(one.name)).map(one => ({ value: one.name, label: one.title }));
}

/** A row that stands side by side with the next where both are short. */
interface Place { control: Control; shows: () => boolean; wide?: boolean }

const place = (control: Control, wide = false, shows = (): boolean => isTaken(control.name)): Place => ({ control, shows, wide });
const isGeneration = (): boolean => state.task !== 'upscale';

function mainFields(): Place[] {
  return [
    place(choiceField('model', models), true, isGeneration),
    place({ ...choiceField('upscale_model', upscalers), name: 'upscale_model' }, true, () => !isGeneration()),
    place(numberField('scale', { step: 0.5, slider: true }), true),
    place(lorasField(), true, isGeneration),
    place(numberField('strength', { slider: true, step: 0.05 }), true),
    place(sizeField(), true),
    place(choiceField('sampler', samplers)),
    place(choiceField('schedule', schedules)),
    place(numberField('steps', { slider: true, max: 60 }), true),
    place(numberField('guidance_scale', { slider: true, step: 0.5, max: 15 }), true),
    place(seedField(), true),
    place(numberField('count', { slider: true }), true),
    place(switchField('explain', t('words.title')), true),
  ];
}

function advancedFields(): Place[] {
  const choice = (name: string): Place => place(choiceField(name, namesOf(name)));
  const number = (name: string, step?: number): Place => place(numberField(name, step === undefined ? {} : { step }));
  return [
    ...['mask_blur', 'mask_grow'].map(name => number(name, 1)), choice('fill'), choice('area'), number('padding', 1),
    number('feather', 1), choice('resize_mode'),
    place(textField('prompt_2'), true), place(textField('negative_prompt_2'), true),
    choice('prompt_style'), number('clip_skip'), number('eta', 0.05), number('guidance_rescale', 0.05),
    ...['shift', 'true_guidance_scale', 'image_guidance_scale', 'max_text_tokens', 'class_label'].map(name => number(name)),
    number('variation_seed'), number('variation_strength', 0.05), choice('noise_source'), choice('compatibility'),
    place(tilingField()), place(choiceField('vae', vaes), false, () => isTaken('vae') && server.vaes.length > 0),
    place(hiresField(), true), place(upscaleField(), true),
    number('tile'), number('overlap'),
    choice('format'), number('quality', 1), number('bit_depth', 8), place(flagField('metadata')), choice('priority'), number('deadline'),
  ];
}

let all: Place[] = [];
let advanced: Place[] = [];

export function buildForm(): void {
  const main = mainFields();
  advanced = advancedFields();
  all = [...main, ...advanced];
  for (const one of all) if (one.wide) one.control.element.classList.add('wide');
  byId('main-fields').append(...main.map(one => one.control.element));
  byId('advanced-fields').append(...advanced.map(one => one.control.element));
  state.addEventListener('any', refresh);
  server.addEventListener('read', refresh);
  for (const kind of ['value', 'picture']) state.addEventListener(kind, event => clearFault((event as CustomEvent<string>).detail));
  refresh();
}

export function refresh(): void {
  for (const { control, shows } of all) {
    const shown = shows();
    control.element.hidden = !shown;
    if (shown) control.refresh();
  }
  byId('texts').hidden = !isGeneration();
  const changed = advanced.filter(one => one.control.name in state.values && one.shows()).length;
  const badge = byId('advanced-count');
  badge.hidden = changed === 0;
  badge.textContent = String(changed);
  badge.setAttribute('aria-label', t('advanced.changed', { n: changed }));
}

const rootOf = (field: string): string => /^\w+/.exec(field)?.[0] ?? field;

function placeOf(field: string): HTMLElement | null {
  const name = state.task === 'upscale' && field === 'model' ? 'upscale_model' : field;
  const element = document.querySelector<HTMLElement>(`[data-field~="${CSS.escape(name)}"]`);
  return element && !element.hidden && !element.closest('[hidden]') ? element : null;
}

function errorOf(element: HTMLElement, field: string): HTMLElement | null {
  return element.querySelector<HTMLElement>(`#${CSS.escape(field)}-error`) ?? element.querySelector<HTMLElement>('.error');
}

/** Shows each fault at its field, the others together; the first field gets the focus. */
export function showFaults(faults: readonly Fault[], whole: string): void {
  clearFaults();
  const homeless: string[] = [];
  let first: HTMLElement | null = null;
  for (const fault of faults) {
    const name = rootOf(fault.field);
    const element = placeOf(name);
    const error = element && errorOf(element, name);
    if (!element || !error) {
      homeless.push(fault.message);
      continue;
    }
    error.textContent = error.textContent ? `${error.textContent} ${fault.message}` : fault.message;
    element.classList.add('wrong');
    const input = element.querySelector<HTMLElement>(`#field-${CSS.escape(name)}`) ?? element.querySelector<HTMLElement>('input, select, textarea, button');
    input?.setAttribute('aria-invalid', 'true');
    const folded = element.closest('details');
    if (folded) folded.open = true;
    first ??= input;
  }
  const text = homeless.length > 0 ? homeless.join(' ') : faults.length > 0 ? t('errors.marked') : whole;
  byId('form-error').textContent = text;
  first?.focus();
}

function clear(element: Element): void {
  element.classList.remove('wrong');
  for (const error of element.querySelectorAll('.error')) error.textContent = '';
  for (const input of element.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
}

function clearFault(name: string): void {
  const element = placeOf(name);
  if (element) clear(element);
  if (!document.querySelector('.wrong')) byId('form-error').textContent = '';
}

export function clearFaults(): void {
  for (const element of document.querySelectorAll('.wrong')) clear(element);
  byId('form-error').textContent = '';
}

const isWords = (value: unknown): value is string[] => Array.isArray(value) && value.every(one => typeof one === 'string');
const textOf = (value: unknown): string => (isWords(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** A short list of what a picture was made with, for people. */
export function sentencesOf(values: Record<string, unknown>): [string, string][] {
  const rows: [string, string][] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    rows.push([labelOf(name) === `field.${name}` ? name : labelOf(name), textOf(value)]);
  }
  return rows;
}

export const factList = (rows: readonly [string, string][]): HTMLElement =>
  h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
