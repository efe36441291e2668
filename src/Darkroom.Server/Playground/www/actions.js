import { call, Refused, Unreachable } from './api.js';
import { h, icon } from './dom.js';
import { rememberSeed } from './fields.js';
import { t } from './i18n/index.js';
import { useValues } from './request.js';
import { fileOf, forgetPicture, isComparing, setComparing } from './stage.js';
import { shelf } from './shelf.js';
import { state } from './state.js';
import { confirmed } from './dialogs.js';
import { forgetInGallery } from './gallery.js';
const editing = ['img2img', 'inpaint', 'outpaint', 'upscale'];
function iconButton(label, symbol, action, look = '') {
    return h('button', { type: 'button', class: `small-button ${look}`, 'aria-label': t(label), title: t(label), onclick: action }, icon(symbol));
}
function button(label, symbol, action, look = '') {
    return h('button', { type: 'button', class: `small-button ${look}`, onclick: action }, icon(symbol), h('span', {}, t(label)));
}
export function actionsOf(kept) {
    rememberSeed(kept.seed);
    const further = h('select', { class: 'plain', 'aria-label': t('action.further'), id: 'use-as' }, h('option', { value: '' }, t('action.further')), ...editing.map(task => h('option', { value: task }, t(`task.${task}`))));
    further.addEventListener('change', () => { if (further.value)
        void useAs(kept, further.value); });
    return h('div', { class: 'actions', role: 'group', 'aria-label': t('action.group') }, button('action.again', 'repeat', () => useAgain(kept)), further, kept.image ? compareButton(kept) : null, iconButton('action.download', 'download', () => void download(kept)), iconButton('action.delete', 'trash', () => void remove(kept), 'danger'));
}
function compareButton(kept) {
    const toggle = button('action.compare', 'swap', () => setComparing(!isComparing(kept)));
    toggle.setAttribute('aria-pressed', String(isComparing(kept)));
    return toggle;
}
export function useAgain(kept) {
    useValues(kept.task, { ...kept.parameters, seed: kept.seed, count: 1 });
    if (kept.task !== 'txt2img') {
        state.setPicture('image', kept.image ?? null);
        state.setPicture('mask', kept.mask ?? null);
    }
    document.getElementById('prompt')?.focus();
}
async function useAs(kept, task) {
    const file = await fileOf(kept);
    if (!file)
        return;
    const { prompt, negative_prompt: negative, model } = kept.parameters;
    state.setTask(task);
    if (kept.task !== 'upscale') {
        state.set('prompt', prompt ?? undefined);
        state.set('negative_prompt', negative ?? undefined);
        state.set('model', model ?? undefined);
    }
    state.set('width', undefined);
    state.set('height', undefined);
    state.setPicture('mask', null);
    state.setPicture('image', file);
}
export const nameOf = (kept) => `darkroom-${kept.seed}-${kept.job.slice(0, 8)}-${kept.index}.${kept.format === 'jpeg' ? 'jpg' : kept.format}`;
async function download(kept) {
    const file = await fileOf(kept);
    if (!file)
        return;
    const url = URL.createObjectURL(file);
    h('a', { href: url, download: nameOf(kept) }).click();
    window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
async function remove(kept) {
    if (!(await confirmed(t('delete.title'), t('delete.text'), t('action.delete'))))
        return;
    await shelf.delete(kept.id);
    forgetPicture(kept.id);
    forgetInGallery(kept.id);
    const rest = (await shelf.all()).some(one => one.job === kept.job);
    if (rest)
        return;
    try {
        await call(`v1/jobs/${kept.job}?purge=true`, { method: 'DELETE' });
    }
    catch (error) {
        if (!(error instanceof Refused) && !(error instanceof Unreachable))
            throw error;
    }
}
