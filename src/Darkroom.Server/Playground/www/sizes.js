import { h, icon } from './dom.js';
import { defaultOf, labelOf } from './fields.js';
import { t } from './i18n/index.js';
import { server } from './server.js';
import { state } from './state.js';
const shapes = [[1, 1], [4, 3], [3, 4], [3, 2], [2, 3], [16, 9], [9, 16]];
export function sidesOf([across, down], native, step, max) {
    const root = Math.sqrt(across / down);
    const fit = (side) => Math.max(step, Math.min(Math.floor(max / step) * step, Math.round(side / step) * step));
    return [fit(native * root), fit(native / root)];
}
export function sizeField() {
    const side = (name) => {
        const input = h('input', { type: 'number', id: `field-${name}`, 'aria-label': labelOf(name), 'aria-describedby': `${name}-error`, inputmode: 'numeric' });
        input.addEventListener('input', () => state.set(name, input.value === '' ? undefined : input.valueAsNumber));
        return input;
    };
    const [width, height] = [side('width'), side('height')];
    const buttons = shapes.map(shape => {
        const [across, down] = shape;
        const outline = h('span', { class: 'shape', 'aria-hidden': 'true' });
        const longest = Math.max(across, down);
        outline.style.width = `${across / longest * 16}px`;
        outline.style.height = `${down / longest * 16}px`;
        const label = t('size.shape', { shape: `${across}:${down}` });
        return h('button', { type: 'button', class: 'shape-button', 'aria-pressed': 'false', 'aria-label': label, onclick: () => choose(shape) }, outline, h('span', {}, `${across}:${down}`));
    });
    function sides(shape) {
        const model = server.model(state.values.model);
        return model ? sidesOf(shape, model.native_size, model.size_step, model.max_size) : null;
    }
    function choose(shape) {
        const found = sides(shape);
        if (!found)
            return;
        state.set('width', found[0]);
        state.set('height', found[1]);
    }
    function swap() {
        const held = [state.values.width ?? defaultOf('width'), state.values.height ?? defaultOf('height')];
        state.set('width', held[1] ?? undefined);
        state.set('height', held[0] ?? undefined);
    }
    const element = h('fieldset', { class: 'field plain-set', 'data-field': 'width height' }, h('legend', {}, t('size')), h('div', { class: 'shapes' }, ...buttons), h('div', { class: 'input-row' }, width, h('span', { class: 'times', 'aria-hidden': 'true' }, '×'), height, h('button', { type: 'button', class: 'only-icon', 'aria-label': t('size.swap'), title: t('size.swap'), onclick: swap }, icon('swap'))), h('p', { class: 'error', id: 'width-error' }), h('p', { class: 'error', id: 'height-error' }));
    return {
        name: 'width', element,
        refresh() {
            const model = server.model(state.values.model);
            for (const [name, input] of [['width', width], ['height', height]]) {
                input.min = input.step = String(model?.size_step ?? 8);
                input.max = String(model?.max_size ?? '');
                const value = state.values[name];
                input.placeholder = state.task === 'txt2img' ? String(defaultOf(name) ?? '') : t('size.of-picture');
                if (document.activeElement !== input || input.valueAsNumber !== value)
                    input.value = value === undefined ? '' : String(value);
            }
            const [w, tall] = [state.values.width ?? defaultOf('width'), state.values.height ?? defaultOf('height')];
            buttons.forEach((button, i) => {
                const found = sides(shapes[i]);
                const own = state.task === 'txt2img' || state.values.width !== undefined;
                button.setAttribute('aria-pressed', String(own && found?.[0] === w && found?.[1] === tall));
            });
        },
    };
}
