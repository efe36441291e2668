import type { Point } from './viewport.js';

/** What fingers, pens and mice do on a canvas; points are CSS pixels from its left top corner. */
export interface PointerTarget {
  /** Whether dragging moves the picture instead of painting. */
  readonly panning: boolean;
  begin(at: Point, options: { erase: boolean; join: boolean }): void;
  extend(through: Point[]): void;
  end(): void;
  cancel(): void;
  /** The pointer without a stroke; null when it has left. */
  hover(at: Point | null): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
}

const buttons = { main: 0, middle: 1, eraser: 5 };

/** Reads pointers: one paints, two fingers move and scale, the middle button or a held space key moves, the wheel with ctrl scales. Pressure is ignored. */
export class Pointers {
  readonly #canvas: HTMLCanvasElement;
  readonly #target: PointerTarget;
  readonly #down = new Map<number, Point>();
  #stroke: number | null = null;
  #pan: number | null = null;

  constructor(canvas: HTMLCanvasElement, target: PointerTarget) {
    this.#canvas = canvas;
    this.#target = target;
    canvas.addEventListener('pointerdown', event => this.#press(event));
    canvas.addEventListener('pointermove', event => this.#move(event));
    canvas.addEventListener('pointerup', event => this.#release(event, true));
    canvas.addEventListener('pointercancel', event => this.#release(event, false));
    canvas.addEventListener('pointerleave', () => this.#target.hover(null));
    canvas.addEventListener('wheel', event => this.#wheel(event), { passive: false });
  }

  get dragging(): boolean { return this.#pan !== null; }

  #at(event: MouseEvent): Point {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left - this.#canvas.clientLeft, y: event.clientY - box.top - this.#canvas.clientTop };
  }

  #press(event: PointerEvent): void {
    if (event.button !== buttons.main && event.button !== buttons.middle && event.button !== buttons.eraser) return;
    event.preventDefault();
    // Who points sees the brush's ring; browsers would also show the ring of a focus that a script sets.
    this.#canvas.dataset['by'] = 'pointer';
    this.#canvas.focus({ preventScroll: true });
    // A pen's event that a page makes up has no pointer to capture; painting works without.
    try { this.#canvas.setPointerCapture(event.pointerId); } catch { /* see above */ }
    const at = this.#at(event);
    this.#down.set(event.pointerId, at);
    if (this.#down.size > 1) {
      if (this.#stroke !== null) this.#target.cancel();
      this.#stroke = this.#pan = null;
    } else if (event.button === buttons.middle || this.#target.panning) {
      this.#pan = event.pointerId;
    } else {
      this.#stroke = event.pointerId;
      this.#target.begin(at, { erase: event.button === buttons.eraser, join: event.shiftKey });
    }
  }

  #move(event: PointerEvent): void {
    const at = this.#at(event), before = this.#down.get(event.pointerId);
    if (before && this.#down.size === 2) this.#pinch(event.pointerId, before, at);
    else if (before && this.#pan === event.pointerId) this.#target.pan(at.x - before.x, at.y - before.y);
    else if (before && this.#stroke === event.pointerId) {
      const passed = event.getCoalescedEvents?.() ?? [];
      this.#target.extend(passed.length ? passed.map(one => this.#at(one)) : [at]);
    }
    if (before) this.#down.set(event.pointerId, at);
    if (event.pointerType !== 'touch' || this.#stroke !== null) this.#target.hover(at);
  }

  // The other finger stands still for this event: the picture follows the middle of both and their distance.
  #pinch(id: number, before: Point, at: Point): void {
    const other = [...this.#down].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(at.x - other.x, at.y - other.y);
    this.#target.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    if (was > 0 && is > 0) this.#target.zoom(is / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  }

  #release(event: PointerEvent, finished: boolean): void {
    this.#down.delete(event.pointerId);
    if (this.#pan === event.pointerId) this.#pan = null;
    if (this.#stroke === event.pointerId) {
      this.#stroke = null;
      if (finished) this.#target.end();
      else this.#target.cancel();
    }
    if (event.pointerType === 'touch') this.#target.hover(null);
  }

  // Without ctrl the page scrolls, as everywhere else. A trackpad's pinch comes as a wheel with ctrl.
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.#target.zoom(Math.exp(Math.max(-240, Math.min(240, -event.deltaY * lines)) / 400), this.#at(event));
  }
}
