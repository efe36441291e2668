import { defaultOf, isTaken } from './fields.js';
import { server } from './server.js';
import { state } from './state.js';
export function orderOf() {
    const { task, values } = state;
    const fields = {};
    if (task !== 'upscale')
        fields.prompt = values.prompt ?? '';
    for (const name of Object.keys(server.fields[task] ?? {}))
        if (name in values && name !== 'model' && name !== 'controls' && isTaken(name))
            fields[name] = values[name];
    const model = task === 'upscale' ? values.upscale_model : values.model;
    if (model)
        fields.model = model;
    const pictures = {};
    if (task !== 'txt2img' && state.pictures.image)
        pictures.image = state.pictures.image;
    if (task === 'inpaint' && state.pictures.mask)
        pictures.mask = state.pictures.mask;
    const control = values.control;
    if (control?.model && isTaken('controls')) {
        fields.controls = [{ ...control }];
        if (state.pictures.control)
            pictures.control = state.pictures.control;
    }
    return { task, fields, pictures };
}
const base64 = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => failed(reader.error ?? new Error('The picture cannot be read.'));
    reader.readAsDataURL(blob);
});
export async function bodyOf({ task, fields, pictures }) {
    const body = { ...fields, return: 'url' };
    if (task !== 'upscale')
        body.preview_every ??= previewEvery(fields);
    if (pictures.image)
        body.image = await base64(pictures.image);
    if (pictures.mask)
        body.mask = await base64(pictures.mask);
    const controls = fields.controls;
    if (controls && pictures.control)
        body.controls = [{ ...controls[0], image: await base64(pictures.control) }];
    return body;
}
function previewEvery(fields) {
    const steps = Number(fields.steps ?? defaultOf('steps') ?? 20);
    return Math.max(1, Math.round(steps / 10));
}
const leftOut = new Set([
    'model', 'image', 'mask', 'controls', 'return', 'preview_every', 'model_hash', 'vae_hash', 'embeddings', 'priority', 'deadline', 'webhook',
]);
export function useValues(task, made) {
    const values = {};
    for (const [name, value] of Object.entries(made))
        if (!leftOut.has(name) && value !== undefined && (value !== null || name === 'upscale'))
            values[name] = value;
    if (made.model)
        values[task === 'upscale' ? 'upscale_model' : 'model'] = made.model;
    const control = made.controls?.[0];
    if (control)
        values.control = { model: control.model, weight: control.weight, start: control.start, end: control.end, guess: control.guess };
    if (values.count === 1)
        delete values.count;
    if (values.explain)
        values.explain = true;
    state.setTask(task);
    for (const [name, value] of Object.entries(values))
        if (name !== 'seed' && name !== 'prompt' && JSON.stringify(value) === JSON.stringify(defaultOf(name)))
            delete values[name];
    state.setAll(values);
}
