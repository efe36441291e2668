// Fields that are objects: LoRAs, the second pass, and what enlarges finished pictures.
import { h, icon } from './dom.js';
import { defaultOf, frame, labelOf, type Control } from './fields.js';
import { t } from './i18n/index.js';
import { server } from './server.js';
import { state } from './state.js';
import type { Named } from './wire.js';

interface Lora { id: string; weight?: number }

const usable = (all: Named[]): Named[] => all.filter(one => !one.reason);

function small(name: string, label: string, value: unknown, limits: { min: number; max: number; step: number }, set: (value: number | undefined) => void,
  placeholder = ''): HTMLInputElement {
  const input = h('input', { type: 'number', 'aria-label': label, id: name, min: limits.min, max: limits.max, step: limits.step, placeholder, class: 'small' });
  input.value = value === undefined || value === null ? '' : String(value);
  input.addEventListener('input', () => set(input.value === '' ? undefined : input.valueAsNumber));
  return input;
}

export function lorasField(): Control {
  const rows = h('div', { class: 'rows' });
  const select = h('select', { id: 'field-loras' });
  const held = (): Lora[] => (Array.isArray(state.values.loras) ? state.values.loras as Lora[] : []);
  const put = (loras: Lora[]): void => state.set('loras', loras.length ? loras : undefined);
  select.addEventListener('change', () => { if (select.value) put([...held(), { id: select.value, weight: 1 }]); });
  const element = frame('loras', select);
  element.append(rows);
  let drawn = '';
  return {
    name: 'loras', element,
    refresh() {
      const mine = held();
      const model = server.model(state.values.model);
      element.hidden = server.loras.length === 0 && mine.length === 0;
      select.replaceChildren(h('option', { value: '' }, t('loras.add')),
        ...usable(server.loras).filter(one => !mine.some(lora => lora.id === one.id)).map(one => h('option', { value: one.id }, one.title || one.id)));
      select.disabled = model?.capabilities.lora === false;
      select.title = model?.capabilities.lora_reason ?? '';
      const ids = mine.map(one => one.id).join('\n');
      if (ids === drawn && rows.contains(document.activeElement)) return;
      drawn = ids;
      rows.replaceChildren(...mine.map((lora, i) => h('div', { class: 'row' },
        h('span', { class: 'row-name' }, server.loras.find(one => one.id === lora.id)?.title || lora.id),
        small(`lora-${i}`, t('loras.weight', { name: lora.id }), lora.weight ?? 1, { min: -4, max: 4, step: 0.05 },
          weight => put(held().map((one, at) => at === i ? { id: one.id, ...(weight === undefined ? {} : { weight }) } : one))),
        h('button', {
          type: 'button', class: 'only-icon', 'aria-label': t('loras.remove', { name: lora.id }), onclick: () => put(held().filter((_, at) => at !== i)),
        }, icon('close')))));
    },
  };
}

/** What enlarges finished pictures: the model's own, nothing, or an upscaler with a factor. */
export function upscaleField(): Control {
  const select = h('select', { id: 'field-upscale' });
  const factor = small('upscale-scale', t('field.scale'), undefined, { min: 1, max: 8, step: 0.5 }, scale => put(scale));
  const element = frame('upscale', select);
  const row = h('div', { class: 'input-row' });
  select.replaceWith(row);
  row.append(select, factor);

  function put(scale?: number): void {
    if (select.value === '') state.set('upscale', undefined);
    else if (select.value === 'none') state.set('upscale', null);
    else state.set('upscale', { model: select.value, ...(scale === undefined ? {} : { scale }) });
  }

  select.addEventListener('change', () => put(factor.value === '' ? undefined : factor.valueAsNumber));
  return {
    name: 'upscale', element,
    refresh() {
      const held = state.values.upscale as { model?: string; scale?: number } | null | undefined;
      // A model's own upscaler is for pictures from text alone.
      const standard = state.task === 'txt2img' ? defaultOf('upscale') as { model?: string; scale?: number } | null : null;
      const own = standard?.model ? `${standard.model} ×${standard.scale ?? ''}` : t('choice.none');
      select.replaceChildren(h('option', { value: '' }, t('choice.default', { value: own })), h('option', { value: 'none' }, t('choice.none')),
        ...usable(server.upscalers).map(one => h('option', { value: one.id }, one.title || one.id)));
      select.value = held === undefined ? '' : held === null ? 'none' : held.model ?? '';
      factor.hidden = !held;
      factor.placeholder = '×' + String(server.upscalers.find(one => one.id === held?.model)?.scale ?? '');
      if (document.activeElement !== factor) factor.value = held?.scale === undefined ? '' : String(held.scale);
    },
  };
}

interface Hires { scale?: number; strength?: number; steps?: number; upscaler?: string }

/** A second pass at a larger size. */
export function hiresField(): Control {
  const toggle = h('input', { type: 'checkbox', id: 'field-hires', role: 'switch' });
  const held = (): Hires => (state.values.hires as Hires | undefined) ?? {};
  const put = (change: Hires): void =>
    state.set('hires', Object.fromEntries(Object.entries({ ...held(), ...change }).filter(([, value]) => value !== undefined && value !== '')));
  toggle.addEventListener('change', () => state.set('hires', toggle.checked ? {} : undefined));
  const part = (name: keyof Hires, min: number, max: number, step: number, standard: string): HTMLElement => {
    const label = `${labelOf('hires')}: ${t(`hires.${name}`)}`;
    const input = small(`hires-${name}`, label, held()[name], { min, max, step }, value => put({ [name]: value }), standard);
    return h('label', { class: 'part' }, h('span', {}, t(`hires.${name}`)), input);
  };
  const upscaler = h('select', { 'aria-label': `${labelOf('hires')}: ${t('hires.upscaler')}` });
  upscaler.addEventListener('change', () => put({ upscaler: upscaler.value }));
  const parts = h('div', { class: 'parts' }, part('scale', 1, 4, 0.25, '2'), part('strength', 0, 1, 0.05, '0.7'), part('steps', 0, 150, 1, '0'),
    h('label', { class: 'part wide' }, h('span', {}, t('hires.upscaler')), upscaler));
  const element = frame('hires', toggle);
  element.classList.add('switch-field');
  element.append(parts);
  return {
    name: 'hires', element,
    refresh() {
      toggle.checked = state.values.hires !== undefined && state.values.hires !== null;
      parts.hidden = !toggle.checked;
      upscaler.replaceChildren(
        h('option', { value: '' }, 'latent'),
        ...usable(server.upscalers).map(one => h('option', { value: one.id }, one.title || one.id)));
      upscaler.value = held().upscaler ?? '';
      for (const input of parts.querySelectorAll('input')) {
        const value = held()[input.id.replace('hires-', '') as keyof Hires];
        if (document.activeElement !== input) input.value = value === undefined ? '' : String(value);
      }
    },
  };
}

export function tilingField(): Control {
  const select = h('select', { id: 'field-tiling' });
  const options: [string, unknown][] = [['', undefined], ['both', true], ['x', 'x'], ['y', 'y']];
  select.append(...options.map(([value]) => h('option', { value }, t(`tiling.${value || 'off'}`))));
  select.addEventListener('change', () => state.set('tiling', options.find(([value]) => value === select.value)?.[1]));
  return {
    name: 'tiling', element: frame('tiling', select),
    refresh() { select.value = options.find(([, value]) => value === state.values.tiling)?.[0] ?? ''; },
  };
}
