// The picture that is worked on, with what each task does to it.
import { byId, h, icon } from './dom.js';
import { isTaken } from './fields.js';
import { t } from './i18n/index.js';
import { server } from './server.js';
import { state, type Slot } from './state.js';

/** A place to drop or choose a picture. */
export class PictureSlot {
  readonly element: HTMLElement;
  private readonly input = h('input', { type: 'file', accept: 'image/png,image/jpeg,image/webp', class: 'unseen', tabindex: '-1' });
  private url: string | null = null;
  private drawn: Blob | undefined;

  constructor(private readonly slot: Slot, private readonly label: string) {
    this.input.setAttribute('aria-label', label);
    this.input.addEventListener('change', () => {
      const file = this.input.files?.[0];
      if (file) state.setPicture(slot, file);
      this.input.value = '';
    });
    this.element = h('div', { class: 'slot', 'data-slot': slot });
    this.element.addEventListener('dragover', event => { event.preventDefault(); this.element.classList.add('over'); });
    this.element.addEventListener('dragleave', () => this.element.classList.remove('over'));
    this.element.addEventListener('drop', event => {
      event.preventDefault(); // and so it is not offered for anything else
      this.element.classList.remove('over');
      const file = event.dataTransfer?.files[0];
      if (file?.type.startsWith('image/')) state.setPicture(slot, file);
    });
  }

  refresh(): void {
    const picture = state.pictures[this.slot];
    if (picture === this.drawn && this.element.childElementCount > 0) return;
    this.drawn = picture;
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = picture ? URL.createObjectURL(picture) : null;
    const choose = h('button', { type: 'button', class: 'slot-choose', onclick: () => this.input.click() },
      this.url ? h('img', { src: this.url, alt: this.label }) : icon('upload'),
      h('span', {}, this.url ? t('slot.change') : this.label), this.url ? null : h('span', { class: 'hint' }, t('slot.hint')));
    this.element.classList.toggle('full', Boolean(picture));
    this.element.replaceChildren(choose, this.input, ...(picture ? [h('button', {
      type: 'button', class: 'only-icon slot-remove', 'aria-label': t('slot.remove'), title: t('slot.remove'), onclick: () => state.setPicture(this.slot, null),
    }, icon('close'))] : []));
  }
}

interface Control { model?: string; weight?: number; start?: number; end?: number }

/** The picture that a ControlNet is shown; only where the server has ControlNets that the model takes. */
function controlField(): { element: HTMLElement; refresh(): void } {
  const slot = new PictureSlot('control', t('slot.control'));
  const select = h('select', { id: 'field-controls' });
  const held = (): Control => (state.values.control as Control | undefined) ?? {};
  const put = (change: Control): void => state.set('control', { ...held(), ...change });
  select.addEventListener('change', () => (select.value ? put({ model: select.value }) : state.set('control', undefined)));
  const number = (name: 'weight' | 'start' | 'end', max: number, standard: string): HTMLElement => {
    const input = h('input', { type: 'number', min: 0, max, step: 0.05, placeholder: standard, 'data-name': name, class: 'small' });
    input.addEventListener('input', () => put({ [name]: input.value === '' ? undefined : input.valueAsNumber }));
    return h('label', { class: 'part' }, h('span', {}, t(`control.${name}`)), input);
  };
  const more = h('div', {}, slot.element, h('div', { class: 'parts' }, number('weight', 2, '1'), number('start', 1, '0'), number('end', 1, '1')));
  const element = h('div', { class: 'field wide', 'data-field': 'controls' },
    h('label', { for: 'field-controls' }, t('field.controls')), select, more, h('p', { class: 'error', id: 'controls-error' }));
  return {
    element,
    refresh() {
      element.hidden = !isTaken('controls') || server.controlNets.length === 0;
      select.replaceChildren(h('option', { value: '' }, t('choice.none')),
        ...server.controlNets.filter(one => !one.reason).map(one => h('option', { value: one.id }, one.id)));
      select.value = held().model ?? '';
      more.hidden = !held().model;
      for (const input of more.querySelectorAll<HTMLInputElement>('input[data-name]')) {
        const value = held()[input.dataset.name as 'weight' | 'start' | 'end'];
        if (document.activeElement !== input) input.value = value === undefined ? '' : String(value);
      }
      slot.refresh();
    },
  };
}

export function buildSource(): void {
  const source = byId('source');
  const slot = new PictureSlot('image', t('slot.image'));
  const control = controlField();
  const image = h('div', { class: 'field', 'data-field': 'image' }, slot.element, h('p', { class: 'error', id: 'image-error' }));
  source.append(image);
  byId('main-fields').after(h('section', { class: 'block', id: 'control' }, control.element));
  const draw = (): void => {
    source.hidden = state.task === 'txt2img';
    slot.refresh();
    control.refresh();
    byId('control').hidden = control.element.hidden;
  };
  state.addEventListener('any', draw);
  server.addEventListener('read', draw);
  draw();
}
