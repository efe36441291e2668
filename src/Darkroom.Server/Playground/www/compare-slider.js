import { clamp, element, pictureCanvas } from './drawing/element.js';
export class CompareSlider {
    #root;
    #before = element('div', { class: 'compare-layer compare-before' });
    #after = element('div', { class: 'compare-layer' });
    #handle = element('div', { class: 'compare-handle', role: 'slider', tabindex: '0', 'aria-valuemin': '0', 'aria-valuemax': '100' });
    #t;
    #value = 50;
    constructor(host, t) {
        this.#t = t;
        this.#handle.setAttribute('aria-label', t('compare.position'));
        this.#handle.append(element('span', { class: 'compare-grip', 'aria-hidden': 'true' }));
        this.#root = element('div', { class: 'drawing compare-slider', role: 'group', 'aria-label': t('compare.view') }, this.#after, this.#before, label('before', t), label('after', t), this.#handle);
        this.#root.addEventListener('pointerdown', event => this.#press(event));
        this.#root.addEventListener('pointermove', event => {
            if (this.#root.hasPointerCapture(event.pointerId))
                this.#follow(event);
        });
        this.#handle.addEventListener('keydown', event => this.#key(event));
        this.value = 50;
        host.append(this.#root);
    }
    get value() { return this.#value; }
    set value(value) {
        this.#value = clamp(value, 0, 100);
        const whole = String(Math.round(this.#value));
        this.#before.style.clipPath = `inset(0 ${100 - this.#value}% 0 0)`;
        this.#handle.style.left = `${this.#value}%`;
        this.#handle.setAttribute('aria-valuenow', whole);
        this.#handle.setAttribute('aria-valuetext', `${this.#t('compare.before')} ${whole}%`);
        this.#root.dataset['edge'] = this.#value < 12 ? 'left' : this.#value > 88 ? 'right' : '';
    }
    show(before, after) {
        this.#before.replaceChildren(this.#layer(before, this.#t('compare.before')));
        const second = this.#layer(after, this.#t('compare.after'));
        this.#after.replaceChildren(second);
        if (second instanceof HTMLCanvasElement)
            this.#shape(second.width, second.height);
        else
            second.addEventListener('load', () => this.#after.contains(second) && this.#shape(second.naturalWidth, second.naturalHeight));
        this.value = 50;
    }
    #layer(picture, name) {
        if (typeof picture === 'string')
            return element('img', { class: 'compare-picture', src: picture, alt: name, draggable: 'false' });
        const canvas = pictureCanvas(picture, 'compare-picture');
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', name);
        return canvas;
    }
    #shape(width, height) {
        this.#root.style.setProperty('--ratio', String(width / height));
    }
    #press(event) {
        if (event.button !== 0)
            return;
        event.preventDefault();
        this.#handle.focus({ preventScroll: true });
        this.#root.setPointerCapture(event.pointerId);
        this.#follow(event);
    }
    #follow(event) {
        const box = this.#root.getBoundingClientRect();
        this.value = 100 * (event.clientX - box.left) / box.width;
    }
    #key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey)
            return;
        const step = event.shiftKey ? 10 : 1, at = Math.round(this.#value);
        const next = {
            ArrowRight: at + step, ArrowUp: at + step, ArrowLeft: at - step, ArrowDown: at - step,
            PageUp: at + 10, PageDown: at - 10, Home: 0, End: 100,
        }[event.key];
        if (next === undefined)
            return;
        event.preventDefault();
        this.value = next;
    }
}
function label(side, t) {
    return element('span', { class: `compare-label compare-label-${side}`, 'aria-hidden': 'true' }, t(`compare.${side}`));
}
