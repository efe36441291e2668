import { h, icon } from './dom.js';
import { defaultOf, frame, labelOf } from './fields.js';
import { t } from './i18n/index.js';
import { server } from './server.js';
import { state } from './state.js';
const usable = (all) => all.filter(one => !one.reason);
function small(name, label, value, limits, set, placeholder = '') {
    const input = h('input', { type: 'number', 'aria-label': label, id: name, min: limits.min, max: limits.max, step: limits.step, placeholder, class: 'small' });
    input.value = value === undefined || value === null ? '' : String(value);
    input.addEventListener('input', () => set(input.value === '' ? undefined : input.valueAsNumber));
    return input;
}
export function lorasField() {
    const rows = h('div', { class: 'rows' });
    const select = h('select', { id: 'field-loras' });
    const held = () => (Array.isArray(state.values.loras) ? state.values.loras : []);
    const put = (loras) => state.set('loras', loras.length ? loras : undefined);
    select.addEventListener('change', () => { if (select.value)
        put([...held(), { id: select.value, weight: 1 }]); });
    const element = frame('loras', select);
    element.append(rows);
    let drawn = '';
    return {
        name: 'loras', element,
        refresh() {
            const mine = held();
            const model = server.model(state.values.model);
            element.hidden = server.loras.length === 0 && mine.length === 0;
            select.replaceChildren(h('option', { value: '' }, t('loras.add')), ...usable(server.loras).filter(one => !mine.some(lora => lora.id === one.id)).map(one => h('option', { value: one.id }, one.title || one.id)));
            select.disabled = model?.capabilities.lora === false;
            select.title = model?.capabilities.lora_reason ?? '';
            const ids = mine.map(one => one.id).join('\n');
            if (ids === drawn && rows.contains(document.activeElement))
                return;
            drawn = ids;
            rows.replaceChildren(...mine.map((lora, i) => h('div', { class: 'row' }, h('span', { class: 'row-name' }, server.loras.find(one => one.id === lora.id)?.title || lora.id), small(`lora-${i}`, t('loras.weight', { name: lora.id }), lora.weight ?? 1, { min: -4, max: 4, step: 0.05 }, weight => put(held().map((one, at) => at === i ? { id: one.id, ...(weight === undefined ? {} : { weight }) } : one))), h('button', {
                type: 'button', class: 'only-icon', 'aria-label': t('loras.remove', { name: lora.id }), onclick: () => put(held().filter((_, at) => at !== i)),
            }, icon('close')))));
        },
    };
}
export function upscaleField() {
    const select = h('select', { id: 'field-upscale' });
    const factor = small('upscale-scale', t('field.scale'), undefined, { min: 1, max: 8, step: 0.5 }, scale => put(scale));
    const element = frame('upscale', select);
    const row = h('div', { class: 'input-row' });
    select.replaceWith(row);
    row.append(select, factor);
    function put(scale) {
        if (select.value === '')
            state.set('upscale', undefined);
        else if (select.value === 'none')
            state.set('upscale', null);
        else
            state.set('upscale', { model: select.value, ...(scale === undefined ? {} : { scale }) });
    }
    select.addEventListener('change', () => put(factor.value === '' ? undefined : factor.valueAsNumber));
    return {
        name: 'upscale', element,
        refresh() {
            const held = state.values.upscale;
            const standard = state.task === 'txt2img' ? defaultOf('upscale') : null;
            const own = standard?.model ? `${standard.model} ×${standard.scale ?? ''}` : t('choice.none');
            select.replaceChildren(h('option', { value: '' }, t('choice.default', { value: own })), h('option', { value: 'none' }, t('choice.none')), ...usable(server.upscalers).map(one => h('option', { value: one.id }, one.title || one.id)));
            select.value = held === undefined ? '' : held === null ? 'none' : held.model ?? '';
            factor.hidden = !held;
            factor.placeholder = '×' + String(server.upscalers.find(one => one.id === held?.model)?.scale ?? '');
            if (document.activeElement !== factor)
                factor.value = held?.scale === undefined ? '' : String(held.scale);
        },
    };
}
export function hiresField() {
    const toggle = h('input', { type: 'checkbox', id: 'field-hires', role: 'switch' });
    const held = () => state.values.hires ?? {};
    const put = (change) => state.set('hires', Object.fromEntries(Object.entries({ ...held(), ...change }).filter(([, value]) => value !== undefined && value !== '')));
    toggle.addEventListener('change', () => state.set('hires', toggle.checked ? {} : undefined));
    const part = (name, min, max, step, standard) => {
        const label = `${labelOf('hires')}: ${t(`hires.${name}`)}`;
        const input = small(`hires-${name}`, label, held()[name], { min, max, step }, value => put({ [name]: value }), standard);
        return h('label', { class: 'part' }, h('span', {}, t(`hires.${name}`)), input);
    };
    const upscaler = h('select', { 'aria-label': `${labelOf('hires')}: ${t('hires.upscaler')}` });
    upscaler.addEventListener('change', () => put({ upscaler: upscaler.value }));
    const parts = h('div', { class: 'parts' }, part('scale', 1, 4, 0.25, '2'), part('strength', 0, 1, 0.05, '0.7'), part('steps', 0, 150, 1, '0'), h('label', { class: 'part wide' }, h('span', {}, t('hires.upscaler')), upscaler));
    const element = frame('hires', toggle);
    element.classList.add('switch-field');
    element.append(parts);
    return {
        name: 'hires', element,
        refresh() {
            toggle.checked = state.values.hires !== undefined && state.values.hires !== null;
            parts.hidden = !toggle.checked;
            upscaler.replaceChildren(h('option', { value: '' }, 'latent'), ...usable(server.upscalers).map(one => h('option', { value: one.id }, one.title || one.id)));
            upscaler.value = held().upscaler ?? '';
            for (const input of parts.querySelectorAll('input')) {
                const value = held()[input.id.replace('hires-', '')];
                if (document.activeElement !== input)
                    input.value = value === undefined ? '' : String(value);
            }
        },
    };
}
export function tilingField() {
    const select = h('select', { id: 'field-tiling' });
    const options = [['', undefined], ['both', true], ['x', 'x'], ['y', 'y']];
    select.append(...options.map(([value]) => h('option', { value }, t(`tiling.${value || 'off'}`))));
    select.addEventListener('change', () => state.set('tiling', options.find(([value]) => value === select.value)?.[1]));
    return {
        name: 'tiling', element: frame('tiling', select),
        refresh() { select.value = options.find(([, value]) => value === state.values.tiling)?.[0] ?? ''; },
    };
}
