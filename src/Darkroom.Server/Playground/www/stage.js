import { byId, h, icon } from './dom.js';
import { CompareSlider } from './compare-slider.js';
import { factList, sentencesOf } from './form.js';
import { duration, t } from './i18n/index.js';
import { jobs } from './jobs.js';
import { actionsOf } from './actions.js';
import { shelf } from './shelf.js';
import { call } from './api.js';
import { sayOnce } from './live.js';
import { wordsOf } from './words.js';
import { look } from './workspace.js';
const urls = new Map();
export function urlOf(kept) {
    if (!kept.file)
        return null;
    let url = urls.get(kept.id);
    if (!url)
        urls.set(kept.id, url = URL.createObjectURL(kept.file));
    return url;
}
export async function fileOf(kept) {
    if (kept.file)
        return kept.file;
    try {
        kept.file = await (await call(kept.url)).blob();
    }
    catch {
        return null;
    }
    await shelf.put(kept);
    return kept.file;
}
let shown = [];
let at = 0;
let message = null;
const previewUrls = new Map();
export const current = () => shown[at] ?? null;
export function show(pictures, index = 0) {
    [shown, at, message, wantsCompare] = [pictures, index, null, null];
    look('result');
    draw();
}
export function tell(text, kind = 'error') {
    message = { text, kind };
    draw();
}
export function forgetPicture(id) {
    shown = shown.filter(one => one.id !== id);
    at = Math.min(at, Math.max(0, shown.length - 1));
    draw();
}
export function buildStage() {
    jobs.addEventListener('start', () => { message = null; draw(); });
    jobs.addEventListener('change', draw);
    jobs.addEventListener('end', event => {
        const run = event.detail;
        for (const [name, held] of previewUrls)
            if (name.startsWith(run.id)) {
                URL.revokeObjectURL(held.url);
                previewUrls.delete(name);
            }
        if (run.pictures.length > 0) {
            [shown, at, wantsCompare] = [run.pictures, 0, null];
            message = run.warnings.length > 0 ? { text: run.warnings.join(' '), kind: 'note' } : null;
            sayOnce(t('live.done', { n: run.pictures.length }));
        }
        else if (run.status === 'cancelled') {
            message = { text: t('job.cancelled'), kind: 'note' };
            sayOnce(message.text);
        }
        else {
            message = { text: run.problem?.detail || run.problem?.title || t('job.failed'), kind: 'error' };
            sayOnce(message.text);
        }
        draw();
    });
    draw();
}
function previewOf(run, index) {
    const preview = run.previews.get(index);
    if (!preview)
        return h('div', { class: 'preview empty' });
    const name = `${run.id}/${index}`;
    let held = previewUrls.get(name);
    if (held?.data !== preview.data) {
        if (held)
            URL.revokeObjectURL(held.url);
        const bytes = Uint8Array.from(atob(preview.data), sign => sign.charCodeAt(0));
        previewUrls.set(name, held = { data: preview.data, url: URL.createObjectURL(new Blob([bytes], { type: `image/${preview.format}` })) });
    }
    return h('img', { class: 'preview', src: held.url, alt: t('preview.alt', { n: index + 1, step: preview.step }) });
}
function standingOf(run) {
    if (run.isLost)
        return t('job.lost');
    if (run.isCancelling)
        return t('job.cancelling');
    const { position, step = 0, steps = 0, eta } = run.progress;
    if (run.status === 'queued') {
        const place = position === undefined || position === null ? t('job.waiting') : position === 0 ? t('job.next') : t('job.position', { n: position });
        return eta ? `${place} · ${t('job.left', { time: duration(eta) })}` : place;
    }
    const done = steps > 0 ? t('job.step', { step, steps }) : t('job.starting');
    return eta ? `${done} · ${t('job.left', { time: duration(eta) })}` : done;
}
const rows = new Map();
function rowOf(run) {
    let row = rows.get(run.id);
    if (!row) {
        const bar = h('div', { class: 'bar', role: 'progressbar', 'aria-label': t('job.progress'), 'aria-valuemin': '0', 'aria-valuemax': '100' }, h('span', {}));
        const text = h('span', { class: 'standing' });
        const cancel = h('button', { type: 'button', class: 'small-button', onclick: () => void jobs.cancel(run) }, t('job.cancel'));
        rows.set(run.id, row = { element: h('div', { class: 'run' }, h('div', { class: 'run-line' }, text, cancel), bar), bar, text, cancel });
    }
    const share = Math.round((run.progress.share ?? 0) * 100);
    row.bar.setAttribute('aria-valuenow', String(share));
    row.bar.classList.toggle('waits', run.status === 'queued' || run.isLost);
    row.bar.firstElementChild.style.width = `${share}%`;
    row.text.textContent = standingOf(run);
    row.cancel.disabled = run.isCancelling;
    return row.element;
}
function runningView(run) {
    const grid = h('div', { class: 'grid' });
    grid.dataset.count = String(run.count);
    for (let i = 0; i < run.count; i++)
        grid.append(previewOf(run, i));
    return grid;
}
function pictureView() {
    const kept = shown[at];
    if (!kept)
        return [h('div', { class: 'nothing' }, icon('image'), h('p', {}, t('stage.empty')))];
    const image = h('img', { class: 'picture', alt: altOf(kept), width: kept.width, height: kept.height });
    const url = urlOf(kept);
    if (url)
        image.src = url;
    else
        void fileOf(kept).then(file => { if (file && shown[at] === kept)
            image.src = urlOf(kept) ?? '';
        else if (!file)
            image.alt = t('picture.gone'); });
    image.classList.toggle('tiny', kept.width <= 128);
    const isArray = kept.format === 'npy';
    const frame = h('div', { class: 'picture-frame' }, isArray
        ? h('div', { class: 'nothing' }, icon('image'), h('p', {}, t('picture.array', { width: kept.width, height: kept.height })))
        : image);
    if (!isArray && isComparing(kept))
        void compare(kept, frame);
    const words = isComparing(kept) ? null : wordsOf(kept, frame);
    const parts = words ? [frame, words] : [frame];
    if (shown.length > 1)
        parts.push(h('div', { class: 'strip', role: 'group', 'aria-label': t('stage.pictures') }, ...shown.map((one, i) => {
            const source = urlOf(one);
            return h('button', {
                type: 'button', class: 'thumb', 'aria-pressed': String(i === at), 'aria-label': t('stage.picture', { n: i + 1 }),
                onclick: () => { at = i; draw(); },
            }, h('img', { alt: '', ...(source ? { src: source } : {}) }));
        })));
    parts.push(actionsOf(kept), detailsOf(kept));
    return parts;
}
let wantsCompare = null;
export const isComparing = (kept) => Boolean(kept.image) && (wantsCompare ?? kept.task === 'upscale');
export function setComparing(on) {
    wantsCompare = on;
    redraw();
}
async function compare(kept, frame) {
    const file = await fileOf(kept);
    if (!file || !kept.image || !isComparing(kept))
        return;
    frame.replaceChildren();
    frame.classList.add('comparing');
    new CompareSlider(frame, t).show(beforeOf(kept) ?? '', urlOf(kept) ?? '');
}
function beforeOf(kept) {
    return kept.image ? urlOf({ ...kept, id: `${kept.id}#before`, file: kept.image }) : null;
}
export const altOf = (kept) => String(kept.parameters.prompt ?? '') || t(`task.${kept.task}`);
let detailsOpen = false;
function detailsOf(kept) {
    const facts = factList([
        [t('task'), t(`task.${kept.task}`)],
        ...sentencesOf({ ...kept.parameters, seed: kept.seed }),
        [t('fact.size'), `${kept.width} × ${kept.height}`],
        ...(kept.milliseconds ? [[t('fact.time'), t('time.seconds', { n: (kept.milliseconds / 1000).toFixed(1) })]] : []),
        [t('fact.made'), new Date(kept.at).toLocaleString(document.documentElement.lang)],
    ]);
    const details = h('details', { class: 'details' }, h('summary', {}, t('stage.details'), h('span', { class: 'hint' }, `${kept.width} × ${kept.height} · ${t('fact.seed')} ${kept.seed}`)), facts);
    details.open = detailsOpen;
    details.addEventListener('toggle', () => { detailsOpen = details.open; });
    return details;
}
let drawn = '';
function draw() {
    const [runs, body] = [byId('runs'), byId('result')];
    const elements = jobs.runs.map(rowOf);
    if (elements.some((one, i) => runs.children[i] !== one) || runs.children.length !== elements.length)
        runs.replaceChildren(...elements);
    const running = jobs.runs.find(run => run.status === 'running');
    document.title = running ? `${Math.round((running.progress.share ?? 0) * 100)}% · Darkroom` : 'Darkroom';
    for (const id of rows.keys())
        if (!jobs.runs.some(run => run.id === id))
            rows.delete(id);
    const active = jobs.runs.find(run => run.previews.size > 0);
    const view = active ? `run ${active.id} ${[...active.previews.values()].map(one => one.step).join()}`
        : `picture ${current()?.id ?? ''} ${shown.length} ${message?.text ?? ''} ${jobs.runs.length === 0}`;
    if (view === drawn)
        return;
    drawn = view;
    body.dataset.id = active ? '' : current()?.id ?? '';
    jobs.dispatchEvent(new Event('shown'));
    const note = message && !active ? h('p', { class: `message ${message.kind}`, role: message.kind === 'error' ? 'alert' : 'status' }, message.text) : null;
    body.replaceChildren(...(note ? [note] : []), ...(active ? [runningView(active)] : pictureView()));
}
export function redraw() {
    drawn = '';
    draw();
}
