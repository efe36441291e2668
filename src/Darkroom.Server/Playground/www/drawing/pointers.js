const buttons = { main: 0, middle: 1, eraser: 5 };
export class Pointers {
    #canvas;
    #target;
    #down = new Map();
    #stroke = null;
    #pan = null;
    constructor(canvas, target) {
        this.#canvas = canvas;
        this.#target = target;
        canvas.addEventListener('pointerdown', event => this.#press(event));
        canvas.addEventListener('pointermove', event => this.#move(event));
        canvas.addEventListener('pointerup', event => this.#release(event, true));
        canvas.addEventListener('pointercancel', event => this.#release(event, false));
        canvas.addEventListener('pointerleave', () => this.#target.hover(null));
        canvas.addEventListener('wheel', event => this.#wheel(event), { passive: false });
    }
    get dragging() { return this.#pan !== null; }
    #at(event) {
        const box = this.#canvas.getBoundingClientRect();
        return { x: event.clientX - box.left - this.#canvas.clientLeft, y: event.clientY - box.top - this.#canvas.clientTop };
    }
    #press(event) {
        if (event.button !== buttons.main && event.button !== buttons.middle && event.button !== buttons.eraser)
            return;
        event.preventDefault();
        this.#canvas.dataset['by'] = 'pointer';
        this.#canvas.focus({ preventScroll: true });
        try {
            this.#canvas.setPointerCapture(event.pointerId);
        }
        catch { }
        const at = this.#at(event);
        this.#down.set(event.pointerId, at);
        if (this.#down.size > 1) {
            if (this.#stroke !== null)
                this.#target.cancel();
            this.#stroke = this.#pan = null;
        }
        else if (event.button === buttons.middle || this.#target.panning) {
            this.#pan = event.pointerId;
        }
        else {
            this.#stroke = event.pointerId;
            this.#target.begin(at, { erase: event.button === buttons.eraser, join: event.shiftKey });
        }
    }
    #move(event) {
        const at = this.#at(event), before = this.#down.get(event.pointerId);
        if (before && this.#down.size === 2)
            this.#pinch(event.pointerId, before, at);
        else if (before && this.#pan === event.pointerId)
            this.#target.pan(at.x - before.x, at.y - before.y);
        else if (before && this.#stroke === event.pointerId) {
            const passed = event.getCoalescedEvents?.() ?? [];
            this.#target.extend(passed.length ? passed.map(one => this.#at(one)) : [at]);
        }
        if (before)
            this.#down.set(event.pointerId, at);
        if (event.pointerType !== 'touch' || this.#stroke !== null)
            this.#target.hover(at);
    }
    #pinch(id, before, at) {
        const other = [...this.#down].find(([key]) => key !== id)?.[1];
        if (!other)
            return;
        const was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(at.x - other.x, at.y - other.y);
        this.#target.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
        if (was > 0 && is > 0)
            this.#target.zoom(is / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
    }
    #release(event, finished) {
        this.#down.delete(event.pointerId);
        if (this.#pan === event.pointerId)
            this.#pan = null;
        if (this.#stroke === event.pointerId) {
            this.#stroke = null;
            if (finished)
                this.#target.end();
            else
                this.#target.cancel();
        }
        if (event.pointerType === 'touch')
            this.#target.hover(null);
    }
    #wheel(event) {
        if (!event.ctrlKey && !event.metaKey)
            return;
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        this.#target.zoom(Math.exp(Math.max(-240, Math.min(240, -event.deltaY * lines)) / 400), this.#at(event));
    }
}
