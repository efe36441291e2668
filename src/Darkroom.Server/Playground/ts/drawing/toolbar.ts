import { element } from './element.js';
import { icon, type IconName } from './icons.js';

/** A row of buttons that is one stop of the tab key; arrow keys, Home and End move between them. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #buttons: HTMLButtonElement[] = [];

  constructor(label: string) {
    this.element = element('div', { class: 'drawing-toolbar', role: 'toolbar', 'aria-label': label });
    this.element.addEventListener('keydown', event => this.#move(event));
    this.element.addEventListener('focusin', event => this.#enter(event.target));
  }

  /** Starts a group; what is added next stands in it. */
  group(className = ''): void {
    this.element.append(element('div', { class: `drawing-group ${className}`.trim() }));
  }

  /** Adds a button that shows a picture alone; its name and its keys are read out and shown as a tip. */
  button(picture: IconName, label: string, keys: string, action: () => void): HTMLButtonElement {
    const title = keys ? `${label} (${keys})` : label;
    const button = element('button', { type: 'button', class: 'drawing-button', 'aria-label': label, title }, icon(picture));
    button.tabIndex = this.#buttons.length ? -1 : 0;
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') action();
    });
    this.#buttons.push(button);
    this.add(button);
    return button;
  }

  add(...nodes: Node[]): void {
    (this.element.lastElementChild ?? this.element).append(...nodes);
  }

  /** A button that has nothing to do keeps its place in the order of focus: pressed to the end, it does not throw the focus away. */
  static enable(button: HTMLButtonElement, enabled: boolean): void {
    button.setAttribute('aria-disabled', String(!enabled));
  }

  #move(event: KeyboardEvent): void {
    const at = this.#buttons.findIndex(button => button === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#buttons.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#buttons[next]?.focus();
  }

  #enter(target: EventTarget | null): void {
    if (!this.#buttons.some(button => button === target)) return;
    for (const button of this.#buttons) button.tabIndex = button === target ? 0 : -1;
  }
}
