import { maxExtension, snap, type Edges, type Side } from './edges.js';
import type { FrameLayout } from './frame-layout.js';

export interface DragTarget {
  edges(): Readonly<Edges>;
  ready(): boolean;
  start(): void;
  change(edges: Partial<Edges>): void;
  end(): void;
}

/** Distance from the stage's border, in CSS pixels, within which a held edge moves on by itself: a finger cannot leave a narrow screen. */
const pushing = 8;

/** CSS pixels for each frame of the display that it then moves: slow at the border, faster farther out. */
const speed = (beyond: number): number => Math.min(32, 4 + Math.max(0, beyond) / 4);

/** Drags one edge, or the two of a corner. */
export class FrameDrag {
  readonly #handle: HTMLElement;
  readonly #sides: Side[];
  readonly #layout: FrameLayout;
  readonly #target: DragTarget;
  #pointer: { id: number; x: number; y: number; single: boolean } | null = null;
  /** Where the pointer has the edges, before steps and limits. */
  #wanted: Partial<Edges> = {};

  constructor(handle: HTMLElement, moved: Side[], layout: FrameLayout, target: DragTarget) {
    this.#handle = handle;
    this.#sides = moved;
    this.#layout = layout;
    this.#target = target;
    handle.addEventListener('pointerdown', event => this.#press(event));
    handle.addEventListener('pointermove', event => this.#move(event));
    handle.addEventListener('pointerup', event => this.#release(event));
    handle.addEventListener('pointercancel', event => this.#release(event));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || this.#pointer || !this.#target.ready()) return;
    event.preventDefault();
    this.#handle.focus({ preventScroll: true });
    this.#handle.setPointerCapture(event.pointerId);
    this.#pointer = { id: event.pointerId, x: event.clientX, y: event.clientY, single: event.altKey };
    for (const side of this.#sides) this.#wanted[side] = this.#target.edges()[side];
    this.#target.start();
    requestAnimationFrame(() => this.#push());
  }

  #move(event: PointerEvent): void {
    const pointer = this.#pointer;
    if (event.pointerId !== pointer?.id) return;
    this.#by(event.clientX - pointer.x, event.clientY - pointer.y);
    Object.assign(pointer, { x: event.clientX, y: event.clientY, single: event.altKey });
    this.#apply();
  }

  #release(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer?.id) return;
    this.#pointer = null;
    this.#target.end();
  }

  // Moves what is wanted by CSS pixels, at the scale of the moment.
  #by(dx: number, dy: number): void {
    for (const side of this.#sides) {
      const outwards = { left: -dx, right: dx, top: -dy, bottom: dy }[side];
      this.#wanted[side] = Math.min(maxExtension, (this.#wanted[side] ?? 0) + outwards / this.#layout.scale);
    }
  }

  #apply(): void {
    const edges: Partial<Edges> = {};
    for (const side of this.#sides) edges[side] = snap(this.#wanted[side] ?? 0, this.#pointer?.single ?? false);
    this.#target.change(edges);
  }

  #push(): void {
    const pointer = this.#pointer;
    if (!pointer) return;
    const box = this.#layout.stage.getBoundingClientRect();
    const beyond: Edges = {
      left: box.left + pushing - pointer.x, right: pointer.x - box.right + pushing,
      top: box.top + pushing - pointer.y, bottom: pointer.y - box.bottom + pushing,
    };
    const pushed = this.#sides.filter(side => beyond[side] > 0);
    for (const side of pushed) {
      const by = speed(beyond[side]);
      this.#by({ left: -by, right: by, top: 0, bottom: 0 }[side], { left: 0, right: 0, top: -by, bottom: by }[side]);
    }
    if (pushed.length) this.#apply();
    requestAnimationFrame(() => this.#push());
  }
}
