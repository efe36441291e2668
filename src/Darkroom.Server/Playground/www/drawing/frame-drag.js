import { maxExtension, snap } from './edges.js';
const pushing = 8;
const speed = (beyond) => Math.min(32, 4 + Math.max(0, beyond) / 4);
export class FrameDrag {
    #handle;
    #sides;
    #layout;
    #target;
    #pointer = null;
    #wanted = {};
    constructor(handle, moved, layout, target) {
        this.#handle = handle;
        this.#sides = moved;
        this.#layout = layout;
        this.#target = target;
        handle.addEventListener('pointerdown', event => this.#press(event));
        handle.addEventListener('pointermove', event => this.#move(event));
        handle.addEventListener('pointerup', event => this.#release(event));
        handle.addEventListener('pointercancel', event => this.#release(event));
    }
    #press(event) {
        if (event.button !== 0 || this.#pointer || !this.#target.ready())
            return;
        event.preventDefault();
        this.#handle.focus({ preventScroll: true });
        this.#handle.setPointerCapture(event.pointerId);
        this.#pointer = { id: event.pointerId, x: event.clientX, y: event.clientY, single: event.altKey };
        for (const side of this.#sides)
            this.#wanted[side] = this.#target.edges()[side];
        this.#target.start();
        requestAnimationFrame(() => this.#push());
    }
    #move(event) {
        const pointer = this.#pointer;
        if (event.pointerId !== pointer?.id)
            return;
        this.#by(event.clientX - pointer.x, event.clientY - pointer.y);
        Object.assign(pointer, { x: event.clientX, y: event.clientY, single: event.altKey });
        this.#apply();
    }
    #release(event) {
        if (event.pointerId !== this.#pointer?.id)
            return;
        this.#pointer = null;
        this.#target.end();
    }
    #by(dx, dy) {
        for (const side of this.#sides) {
            const outwards = { left: -dx, right: dx, top: -dy, bottom: dy }[side];
            this.#wanted[side] = Math.min(maxExtension, (this.#wanted[side] ?? 0) + outwards / this.#layout.scale);
        }
    }
    #apply() {
        const edges = {};
        for (const side of this.#sides)
            edges[side] = snap(this.#wanted[side] ?? 0, this.#pointer?.single ?? false);
        this.#target.change(edges);
    }
    #push() {
        const pointer = this.#pointer;
        if (!pointer)
            return;
        const box = this.#layout.stage.getBoundingClientRect();
        const beyond = {
            left: box.left + pushing - pointer.x, right: pointer.x - box.right + pushing,
            top: box.top + pushing - pointer.y, bottom: pointer.y - box.bottom + pushing,
        };
        const pushed = this.#sides.filter(side => beyond[side] > 0);
        for (const side of pushed) {
            const by = speed(beyond[side]);
            this.#by({ left: -by, right: by, top: 0, bottom: 0 }[side], { left: 0, right: 0, top: -by, bottom: by }[side]);
        }
        if (pushed.length)
            this.#apply();
        requestAnimationFrame(() => this.#push());
    }
}
