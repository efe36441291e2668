// Controls of single fields. Ranges, choices and defaults come from the server; a control that is empty sends nothing, and shows what then applies.
import { h, icon, type Child } from './dom.js';
import { has, t } from './i18n/index.js';
import { server, type FieldRule } from './server.js';
import { state } from './state.js';

export interface Control {
  name: string;
  element: HTMLElement;
  /** Shows the state as it is: value, range and default. */
  refresh(): void;
}

export interface Option { value: string; label: string }

/** What stands for a field without a value: the model's, else the table's. */
export function defaultOf(name: string): unknown {
  if (name === 'model') return server.defaultModel;
  if (name === 'upscale_model') return ruleOf('model')?.default;
  if (state.task === 'upscale' && name === 'scale') {
    const chosen = state.values.upscale_model ?? ruleOf('model')?.default;
    return server.upscalers.find(one => one.id === chosen)?.scale;
  }
  const own = state.task === 'upscale' ? undefined : server.model(state.values.model)?.defaults;
  return own && name in own && ruleOf(name)?.model_sets ? own[name] : ruleOf(name)?.default;
}

export const ruleOf = (name: string): FieldRule | undefined => server.fields[state.task]?.[name];

/** Whether the task has the field and the model takes it. */
export function isTaken(name: string): boolean {
  const rule = ruleOf(name);
  if (!rule) return false;
  return !rule.needs_capability || (server.model(state.values.model)?.capabilities.fields.includes(name) ?? false);
}

export const labelOf = (name: string): string => t(`field.${name}`);

/** A control with its label, its hint and the place of its error. */
export function frame(name: string, control: HTMLElement, ...beside: Child[]): HTMLElement {
  const id = control.id || `field-${name}`;
  control.id = id;
  control.setAttribute('aria-describedby', `${name}-error`);
  return h('div', { class: 'field', 'data-field': name },
    h('div', { class: 'label-row' }, h('label', { for: id }, labelOf(name)), ...beside),
    control,
    h('p', { class: 'error', id: `${name}-error` }));
}

const shown = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

export function numberField(name: string, look: { slider?: boolean; step?: number; max?: number } = {}): Control {
  const input = h('input', { type: 'number', id: `field-${name}`, inputmode: 'decimal' });
  const slider = look.slider ? h('input', { type: 'range', 'aria-label': labelOf(name), tabindex: '-1', class: 'slider' }) : null;
  input.addEventListener('input', () => {
    state.set(name, input.value === '' || !Number.isFinite(input.valueAsNumber) ? undefined : input.valueAsNumber);
    fill();
  });
  slider?.addEventListener('input', () => {
    input.value = slider.value;
    state.set(name, slider.valueAsNumber);
    fill();
  });

  function fill(): void {
    if (!slider) return;
    slider.value = input.value || input.placeholder || slider.min;
    const [min, max] = [Number(slider.min), Number(slider.max)];
    slider.style.setProperty('--at', `${max > min ? (slider.valueAsNumber - min) / (max - min) * 100 : 0}%`);
  }

  const element = frame(name, input);
  if (slider) {
    const pair = h('div', { class: 'slider-row' });
    input.replaceWith(pair);
    pair.append(slider, input);
  }
  return {
    name, element,
    refresh() {
      const rule = ruleOf(name);
      const step = look.step ?? (rule?.kind === 'whole' ? 1 : 0.05);
      for (const one of [input, slider]) {
        if (!one) continue;
        one.min = String(rule?.min ?? 0);
        one.max = String(one === slider && look.max !== undefined ? look.max : rule?.max ?? '');
        one.step = one === input && rule?.kind !== 'whole' ? 'any' : String(step);
      }
      input.placeholder = shown(defaultOf(name));
      const value = state.values[name];
      if (document.activeElement !== input || input.valueAsNumber !== value) input.value = shown(value);
      fill();
    },
  };
}

/** @param options Given the state, what can be chosen; the default comes first by itself where `isOpen` is not said. */
export function choiceField(name: string, options: () => Option[], key = name): Control {
  const select = h('select', { id: `field-${name}` });
  select.addEventListener('change', () => state.set(key, select.value || undefined));
  return {
    name, element: frame(name, select),
    refresh() {
      const all = options();
      const standard = defaultOf(name);
      const standing = all.find(one => one.value === standard)?.label ?? shown(standard);
      const held = shown(state.values[key]);
      const empty = standing ? t('choice.default', { value: standing }) : t('choice.none');
      select.replaceChildren(
        h('option', { value: '' }, empty),
        ...all.map(one => h('option', { value: one.value }, one.label)),
        // What a picture's parameters name and this server does not have is shown, and refused by the server.
        ...(held && !all.some(one => one.value === held) ? [h('option', { value: held }, held)] : []));
      select.value = held;
    },
  };
}

/** The choices of the table, by their own names where they have no others. */
export const namesOf = (name: string) => (): Option[] => (ruleOf(name)?.choices ?? []).map(value => ({
  value, label: has(`choice.${name}.${value}`) ? t(`choice.${name}.${value}`) : value,
}));

export function flagField(name: string): Control {
  const select = choiceField(name, () => [{ value: 'true', label: t('yes') }, { value: 'false', label: t('no') }]);
  const input = select.element.querySelector('select');
  input?.addEventListener('change', event => {
    event.stopImmediatePropagation();
    state.set(name, input.value === '' ? undefined : input.value === 'true');
  }, { capture: true });
  return select;
}

/** On, or the field is not sent. */
export function switchField(name: string, hint: string): Control {
  const toggle = h('input', { type: 'checkbox', id: `field-${name}`, role: 'switch' });
  toggle.addEventListener('change', () => state.set(name, toggle.checked || undefined));
  const element = frame(name, toggle, h('span', { class: 'hint', id: `${name}-hint` }, hint));
  element.classList.add('switch-field');
  toggle.setAttribute('aria-describedby', `${name}-hint ${name}-error`);
  return { name, element, refresh() { toggle.checked = state.values[name] === true; } };
}

export function textField(name: string): Control {
  const input = h('textarea', { id: `field-${name}`, rows: '1' });
  input.addEventListener('input', () => state.set(name, input.value || undefined));
  return { name, element: frame(name, input), refresh() { if (document.activeElement !== input) input.value = shown(state.values[name]); } };
}

/** The last seed that a picture had. */
let lastSeed: number | null = null;
export function rememberSeed(seed: number): void { lastSeed = seed; }

export function seedField(): Control {
  const input = h('input', { type: 'number', id: 'field-seed', min: '0', step: '1', inputmode: 'numeric' });
  input.addEventListener('input', () => state.set('seed', input.value === '' ? undefined : input.valueAsNumber));
  const button = (label: string, name: Parameters<typeof icon>[0], action: () => void): HTMLButtonElement =>
    h('button', { type: 'button', class: 'only-icon', 'aria-label': t(label), title: t(label), onclick: action }, icon(name));
  const element = frame('seed', input);
  const row = h('div', { class: 'input-row' });
  input.replaceWith(row);
  row.append(input,
    button('seed.reuse', 'repeat', () => { if (lastSeed !== null) state.set('seed', lastSeed); }),
    button('seed.random', 'dice', () => state.set('seed', undefined)));
  return {
    name: 'seed', element,
    refresh() {
      input.placeholder = t('seed.random');
      const value = state.values.seed;
      if (document.activeElement !== input || input.valueAsNumber !== value) input.value = shown(value);
    },
  };
}
