import { clamp, element, pictureCanvas } from './drawing/element.js';
import { sides, snap, maxExtension, step } from './drawing/edges.js';
import { FrameDrag } from './drawing/frame-drag.js';
import { FrameLayout } from './drawing/frame-layout.js';
import { icon } from './drawing/icons.js';
const corners = [['left', 'top'], ['right', 'top'], ['left', 'bottom'], ['right', 'bottom']];
export class OutpaintFrame {
    onchange;
    #layout;
    #stage = element('div', { class: 'frame-stage' });
    #area = element('div', { class: 'frame-area' });
    #handles = new Map();
    #fields = new Map();
    #size = element('strong', { class: 'frame-size' });
    #reset;
    #picture = null;
    #edges = { left: 0, top: 0, right: 0, bottom: 0 };
    constructor(host, t) {
        this.#layout = new FrameLayout(this.#stage);
        this.#stage.append(this.#area);
        for (const side of sides)
            this.#area.append(this.#handle(side, t(`frame.drag.${side}`)));
        for (const pair of corners)
            this.#area.append(this.#corner(pair));
        this.#reset = element('button', { type: 'button', class: 'drawing-button frame-reset' }, icon('reset'), t('frame.reset'));
        this.#reset.addEventListener('click', () => this.#change({ left: 0, top: 0, right: 0, bottom: 0 }));
        const fields = element('div', { class: 'frame-fields' });
        for (const side of sides)
            fields.append(this.#field(side, t(`frame.${side}`)));
        host.append(element('div', { class: 'drawing outpaint-frame', role: 'group', 'aria-label': t('frame.editor') }, this.#stage, fields, element('div', { class: 'frame-result' }, element('p', {}, t('frame.size'), ' ', this.#size), this.#reset), element('p', { class: 'drawing-status' }, t('frame.hint'), element('span', { class: 'drawing-keys' }, ' ', t('frame.keys')))));
        new ResizeObserver(() => this.#show()).observe(this.#stage);
        this.#show();
    }
    get edges() { return { ...this.#edges }; }
    set edges(edges) {
        for (const side of sides)
            this.#edges[side] = clamp(Math.round(edges[side]) || 0, 0, maxExtension);
        this.#show();
    }
    setPicture(picture) {
        this.#picture?.remove();
        this.#picture = pictureCanvas(picture, 'frame-picture');
        this.#picture.setAttribute('aria-hidden', 'true');
        this.#area.prepend(this.#picture);
        this.edges = { left: 0, top: 0, right: 0, bottom: 0 };
    }
    #change(part) {
        const next = { ...this.#edges, ...part };
        if (sides.every(side => next[side] === this.#edges[side]))
            return;
        this.edges = next;
        this.onchange?.();
    }
    #handle(side, name) {
        const handle = element('div', {
            class: `frame-handle frame-${side}`, role: 'slider', tabindex: '0', 'aria-label': name, 'aria-valuemin': '0', 'aria-valuemax': String(maxExtension),
            'aria-orientation': side === 'left' || side === 'right' ? 'horizontal' : 'vertical',
        });
        handle.addEventListener('keydown', event => this.#key(event, side));
        this.#handles.set(side, handle);
        return this.#draggable(handle, [side]);
    }
    #corner(pair) {
        return this.#draggable(element('div', { class: `frame-handle frame-corner frame-${pair[0]} frame-${pair[1]}`, 'aria-hidden': 'true' }), pair);
    }
    #draggable(handle, moved) {
        new FrameDrag(handle, moved, this.#layout, {
            edges: () => this.#edges,
            ready: () => this.#picture !== null,
            start: () => this.#layout.hold(),
            change: edges => this.#change(edges),
            end: () => {
                this.#layout.release();
                this.#show();
            },
        });
        return handle;
    }
    #field(side, name) {
        const field = element('input', { type: 'number', min: '0', max: String(maxExtension), step: '1', inputmode: 'numeric', value: '0' });
        field.addEventListener('input', () => {
            const value = field.valueAsNumber;
            if (value >= 0 && value <= maxExtension)
                this.#change({ [side]: Math.round(value) });
        });
        field.addEventListener('change', () => {
            this.#change({ [side]: clamp(Math.round(field.valueAsNumber) || 0, 0, maxExtension) });
            field.value = String(this.#edges[side]);
        });
        field.addEventListener('keydown', event => {
            const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
            if (!direction)
                return;
            event.preventDefault();
            this.#change({ [side]: moved(this.#edges[side], direction, event.altKey || event.shiftKey) });
        });
        this.#fields.set(side, field);
        return element('label', { class: 'frame-field' }, element('span', {}, name), field);
    }
    #key(event, side) {
        if (event.ctrlKey || event.metaKey || !this.#picture)
            return;
        const one = event.altKey || event.shiftKey, at = this.#edges[side];
        const direction = {
            ArrowRight: side === 'left' ? -1 : 1, ArrowLeft: side === 'left' ? 1 : -1, ArrowUp: side === 'bottom' ? -1 : 1, ArrowDown: side === 'bottom' ? 1 : -1,
        }[event.key];
        const next = direction ? moved(at, direction, one) : {
            PageUp: moved(at, 8, false), PageDown: moved(at, -8, false), Home: 0, End: maxExtension,
        }[event.key];
        if (next === undefined)
            return;
        event.preventDefault();
        this.#change({ [side]: next });
    }
    #show() {
        const picture = this.#picture, edges = this.#edges;
        for (const side of sides) {
            const handle = this.#handles.get(side), field = this.#fields.get(side);
            handle?.setAttribute('aria-valuenow', String(edges[side]));
            handle?.setAttribute('aria-valuetext', `${edges[side]} px`);
            if (field && field.valueAsNumber !== edges[side] && !(document.activeElement === field && field.value === ''))
                field.value = String(edges[side]);
        }
        this.#reset.setAttribute('aria-disabled', String(sides.every(side => edges[side] === 0)));
        this.#area.hidden = !picture;
        if (!picture)
            return;
        this.#size.textContent = `${picture.width + edges.left + edges.right} × ${picture.height + edges.top + edges.bottom}`;
        this.#layout.place(this.#area, picture, edges);
    }
}
function moved(from, direction, single) {
    if (single)
        return clamp(from + Math.sign(direction), 0, maxExtension);
    return snap(direction > 0 ? Math.floor(from / step) * step + direction * step : Math.ceil(from / step) * step + direction * step, false);
}
