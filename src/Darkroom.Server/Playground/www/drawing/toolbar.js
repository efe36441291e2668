import { element } from './element.js';
import { icon } from './icons.js';
export class Toolbar {
    element;
    #buttons = [];
    constructor(label) {
        this.element = element('div', { class: 'drawing-toolbar', role: 'toolbar', 'aria-label': label });
        this.element.addEventListener('keydown', event => this.#move(event));
        this.element.addEventListener('focusin', event => this.#enter(event.target));
    }
    group(className = '') {
        this.element.append(element('div', { class: `drawing-group ${className}`.trim() }));
    }
    button(picture, label, keys, action) {
        const title = keys ? `${label} (${keys})` : label;
        const button = element('button', { type: 'button', class: 'drawing-button', 'aria-label': label, title }, icon(picture));
        button.tabIndex = this.#buttons.length ? -1 : 0;
        button.addEventListener('click', () => {
            if (button.getAttribute('aria-disabled') !== 'true')
                action();
        });
        this.#buttons.push(button);
        this.add(button);
        return button;
    }
    add(...nodes) {
        (this.element.lastElementChild ?? this.element).append(...nodes);
    }
    static enable(button, enabled) {
        button.setAttribute('aria-disabled', String(!enabled));
    }
    #move(event) {
        const at = this.#buttons.findIndex(button => button === event.target);
        if (at < 0 || event.ctrlKey || event.metaKey || event.altKey)
            return;
        const last = this.#buttons.length - 1;
        const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
        if (next === undefined)
            return;
        event.preventDefault();
        this.#buttons[next]?.focus();
    }
    #enter(target) {
        if (!this.#buttons.some(button => button === target))
            return;
        for (const button of this.#buttons)
            button.tabIndex = button === target ? 0 : -1;
    }
}
