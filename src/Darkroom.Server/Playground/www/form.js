import { byId, h } from './dom.js';
import { choiceField, defaultOf, flagField, isTaken, labelOf, namesOf, numberField, seedField, switchField, textField, } from './fields.js';
import { t } from './i18n/index.js';
import { hiresField, lorasField, tilingField, upscaleField } from './parts.js';
import { server } from './server.js';
import { sizeField } from './sizes.js';
import { state } from './state.js';
const models = () => server.models.filter(one => !one.reason).map(one => ({ value: one.id, label: one.title || one.id }));
const upscalers = () => server.upscalers.filter(one => !one.reason).map(one => ({ value: one.id, label: one.title || one.id }));
const vaes = () => server.vaes.filter(one => !one.reason).map(one => ({ value: one.id, label: one.title || one.id }));
function samplers() {
    const own = server.model(state.values.model)?.samplers;
    return server.samplers.filter(one => !own || own.includes(one.name)).map(one => ({ value: one.name, label: one.title }));
}
function schedules() {
    const sampler = server.samplers.find(one => one.name === (state.values.sampler ?? defaultOf('sampler')));
    return server.schedules.filter(one => !sampler || sampler.schedules.includes(one.name)).map(one => ({ value: one.name, label: one.title }));
}
const place = (control, wide = false, shows = () => isTaken(control.name)) => ({ control, shows, wide });
const isGeneration = () => state.task !== 'upscale';
function mainFields() {
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
function advancedFields() {
    const choice = (name) => place(choiceField(name, namesOf(name)));
    const number = (name, step) => place(numberField(name, step === undefined ? {} : { step }));
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
let all = [];
let advanced = [];
export function buildForm() {
    const main = mainFields();
    advanced = advancedFields();
    all = [...main, ...advanced];
    for (const one of all)
        if (one.wide)
            one.control.element.classList.add('wide');
    byId('main-fields').append(...main.map(one => one.control.element));
    byId('advanced-fields').append(...advanced.map(one => one.control.element));
    state.addEventListener('any', refresh);
    server.addEventListener('read', refresh);
    for (const kind of ['value', 'picture'])
        state.addEventListener(kind, event => clearFault(event.detail));
    refresh();
}
export function refresh() {
    for (const { control, shows } of all) {
        const shown = shows();
        control.element.hidden = !shown;
        if (shown)
            control.refresh();
    }
    byId('texts').hidden = !isGeneration();
    const changed = advanced.filter(one => one.control.name in state.values && one.shows()).length;
    const badge = byId('advanced-count');
    badge.hidden = changed === 0;
    badge.textContent = String(changed);
    badge.setAttribute('aria-label', t('advanced.changed', { n: changed }));
}
const rootOf = (field) => /^\w+/.exec(field)?.[0] ?? field;
function placeOf(field) {
    const name = state.task === 'upscale' && field === 'model' ? 'upscale_model' : field;
    const element = document.querySelector(`[data-field~="${CSS.escape(name)}"]`);
    return element && !element.hidden && !element.closest('[hidden]') ? element : null;
}
function errorOf(element, field) {
    return element.querySelector(`#${CSS.escape(field)}-error`) ?? element.querySelector('.error');
}
export function showFaults(faults, whole) {
    clearFaults();
    const homeless = [];
    let first = null;
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
        const input = element.querySelector(`#field-${CSS.escape(name)}`) ?? element.querySelector('input, select, textarea, button');
        input?.setAttribute('aria-invalid', 'true');
        const folded = element.closest('details');
        if (folded)
            folded.open = true;
        first ??= input;
    }
    const text = homeless.length > 0 ? homeless.join(' ') : faults.length > 0 ? t('errors.marked') : whole;
    byId('form-error').textContent = text;
    first?.focus();
}
function clear(element) {
    element.classList.remove('wrong');
    for (const error of element.querySelectorAll('.error'))
        error.textContent = '';
    for (const input of element.querySelectorAll('[aria-invalid]'))
        input.removeAttribute('aria-invalid');
}
function clearFault(name) {
    const element = placeOf(name);
    if (element)
        clear(element);
    if (!document.querySelector('.wrong'))
        byId('form-error').textContent = '';
}
export function clearFaults() {
    for (const element of document.querySelectorAll('.wrong'))
        clear(element);
    byId('form-error').textContent = '';
}
const isWords = (value) => Array.isArray(value) && value.every(one => typeof one === 'string');
const textOf = (value) => (isWords(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value));
export function sentencesOf(values) {
    const rows = [];
    for (const [name, value] of Object.entries(values)) {
        if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
            continue;
        rows.push([labelOf(name) === `field.${name}` ? name : labelOf(name), textOf(value)]);
    }
    return rows;
}
export const factList = (rows) => h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
