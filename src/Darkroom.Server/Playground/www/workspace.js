import { byId, h, settled } from './dom.js';
import { t } from './i18n/index.js';
import { jobs } from './jobs.js';
import { MaskEditor } from './mask-editor.js';
import { OutpaintFrame } from './outpaint-frame.js';
import { state } from './state.js';
const sides = { left: 'left', right: 'right', top: 'up', bottom: 'down' };
let mask = null;
let frame = null;
let maskHost, frameHost;
let picture;
let ownMask;
let writing = Promise.resolve();
let view = 'edit';
const isEditing = () => (state.task === 'inpaint' || state.task === 'outpaint') && state.pictures.image !== undefined;
export function look(next) {
    view = next;
    draw();
}
function draw() {
    const editing = isEditing();
    byId('views').hidden = !editing;
    byId('workspace').hidden = !editing || view !== 'edit';
    byId('result').hidden = editing && view === 'edit';
    maskHost.hidden = state.task !== 'inpaint';
    frameHost.hidden = state.task !== 'outpaint';
    for (const input of byId('views').querySelectorAll('input'))
        input.checked = input.value === view;
}
function errors(...names) {
    return names.map(name => h('p', { class: 'error', id: `${name}-error` }));
}
export function buildWorkspace() {
    for (const one of ['edit', 'result']) {
        const input = h('input', { type: 'radio', name: 'view', id: `view-${one}`, value: one });
        input.addEventListener('change', () => look(one));
        byId('views').append(input, h('label', { for: `view-${one}` }, t(`view.${one}`)));
    }
    maskHost = h('div', { 'data-field': 'mask' }, ...errors('mask'));
    frameHost = h('div', { 'data-field': 'left right up down' }, ...errors('left', 'right', 'up', 'down'));
    byId('workspace').append(maskHost, frameHost);
    mask = new MaskEditor(maskHost, t);
    frame = new OutpaintFrame(frameHost, t);
    const keep = settled(200, () => { writing = keepMask(); });
    mask.onchange = () => { if (!loading)
        keep(); };
    frame.onchange = () => {
        const { edges } = frame;
        giving = true;
        for (const side of Object.keys(sides))
            state.set(sides[side], edges[side] || undefined);
        giving = false;
    };
    state.addEventListener('task', () => look('edit'));
    state.addEventListener('picture', event => {
        if (event.detail === 'image')
            look('edit');
        void show();
    });
    state.addEventListener('any', showEdges);
    jobs.addEventListener('start', () => look('result'));
    draw();
    void show();
}
let giving = false;
function showEdges() {
    if (!frame || giving)
        return;
    const { edges } = frame;
    const wanted = Object.fromEntries(Object.keys(sides).map(side => [side, Number(state.values[sides[side]] ?? 0)]));
    if (Object.keys(sides).some(side => wanted[side] !== edges[side]))
        frame.edges = wanted;
}
let loading = false;
let turn = 0;
async function show() {
    const mine = ++turn;
    const { image, mask: wanted } = state.pictures;
    if (image && image !== picture) {
        const bitmap = await decode(image);
        if (mine !== turn)
            return;
        picture = image;
        ownMask = undefined;
        loading = true;
        if (bitmap) {
            mask?.setPicture(bitmap);
            frame?.setPicture(bitmap);
        }
        loading = false;
        showEdges();
    }
    if (wanted !== ownMask && image) {
        const bitmap = wanted ? await decode(wanted) : null;
        if (mine !== turn)
            return;
        ownMask = wanted;
        loading = true;
        if (bitmap)
            mask?.setMask(bitmap);
        else if (mask?.hasMask)
            mask.clear();
        loading = false;
    }
    draw();
}
const decode = (file) => createImageBitmap(file).catch(() => null);
async function keepMask() {
    if (!mask)
        return;
    ownMask = mask.hasMask ? await mask.toBlob() : undefined;
    state.setPicture('mask', ownMask ?? null);
}
export async function flush() {
    await writing;
    if (state.task === 'inpaint' && mask && picture)
        await keepMask();
}
