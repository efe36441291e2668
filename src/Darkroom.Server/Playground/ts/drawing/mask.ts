/** Whole pixels; right and bottom are the first ones outside. */
export interface Box { left: number; top: number; right: number; bottom: number }

/** What one change turned over: a bit for each pixel of the box, row by row. Applied twice it is undone. */
interface Step { box: Box; bits: Uint8Array }

/** What undoing may hold: eight changes of a whole picture of 4096 by 4096, and thousands of strokes. */
const maxHistoryBytes = 16 * 1024 * 1024;

/** Pixels that are repainted (1) or stay (0), and the changes that led there. Edges are hard: the server softens them (`mask_blur`). */
export class Mask {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly #committed: Uint8Array;
  readonly #maxBytes: number;
  #changed: Box | null = null;
  #undo: Step[] = [];
  #redo: Step[] = [];
  #bytes = 0;
  #count = 0;

  constructor(width: number, height: number, maxBytes = maxHistoryBytes) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height);
    this.#committed = new Uint8Array(width * height);
    this.#maxBytes = maxBytes;
  }

  /** Pixels that are repainted, of the last committed state. */
  get count(): number { return this.#count; }
  get canUndo(): boolean { return this.#undo.length > 0; }
  get canRedo(): boolean { return this.#redo.length > 0; }
  get #whole(): Box { return { left: 0, top: 0, right: this.width, bottom: this.height }; }

  /**
   * Sets every pixel whose centre is at most `radius` from the line between two points.
   * Such a shape is convex, so each row of pixels has one run of it: the hull of the runs of the two discs and of the band between them.
   * @returns The box of what may have changed.
   */
  line(x0: number, y0: number, x1: number, y1: number, radius: number, value: 0 | 1): Box {
    const top = Math.max(0, Math.ceil(Math.min(y0, y1) - radius - 0.5));
    const bottom = Math.min(this.height, Math.floor(Math.max(y0, y1) + radius - 0.5) + 1);
    const box: Box = { left: this.width, top, right: 0, bottom };
    for (let y = top; y < bottom; y++) {
      const run = rowOfLine(y + 0.5, x0, y0, x1, y1, radius);
      const left = Math.max(0, Math.ceil(run[0] - 0.5)), right = Math.min(this.width, Math.floor(run[1] - 0.5) + 1);
      if (left >= right) continue;
      this.pixels.fill(value, y * this.width + left, y * this.width + right);
      box.left = Math.min(box.left, left);
      box.right = Math.max(box.right, right);
    }
    if (box.left < box.right && box.top < box.bottom) this.#changed = this.#changed ? union(this.#changed, box) : box;
    return box;
  }

  /** Sets each pixel to what `of` says of the value it has. */
  replace(of: (value: number, index: number) => number): void {
    for (let i = 0; i < this.pixels.length; i++) this.pixels[i] = of(this.pixels[i]!, i);
    this.#changed = this.#whole;
  }

  /** Makes what was drawn since the last time one step of undoing. @returns Whether a pixel differs. */
  commit(): boolean {
    const box = this.#changed;
    this.#changed = null;
    if (!box) return false;
    const bits = new Uint8Array(Math.ceil((box.right - box.left) * (box.bottom - box.top) / 8));
    let turned = false, bit = 0;
    for (let y = box.top; y < box.bottom; y++) {
      for (let i = y * this.width + box.left; i < y * this.width + box.right; i++, bit++) {
        const value = this.pixels[i]!;
        if (value === this.#committed[i]) continue;
        bits[bit >> 3]! |= 1 << (bit & 7);
        this.#committed[i] = value;
        this.#count += value ? 1 : -1;
        turned = true;
      }
    }
    if (!turned) return false;
    this.#undo.push({ box, bits });
    this.#bytes += bits.length - this.#redo.reduce((sum, step) => sum + step.bits.length, 0);
    this.#redo = [];
    // The newest step stays whatever it takes: one change can always be undone.
    while (this.#bytes > this.#maxBytes && this.#undo.length > 1) this.#bytes -= this.#undo.shift()!.bits.length;
    return true;
  }

  /** Gives up what was drawn since the last commit. @returns Its box. */
  revert(): Box | null {
    const box = this.#changed;
    this.#changed = null;
    for (let y = box?.top ?? 0; box && y < box.bottom; y++) {
      const from = y * this.width + box.left;
      this.pixels.set(this.#committed.subarray(from, from + box.right - box.left), from);
    }
    return box;
  }

  undo(): Box | null { return this.#apply(this.#undo, this.#redo); }
  redo(): Box | null { return this.#apply(this.#redo, this.#undo); }

  #apply(from: Step[], to: Step[]): Box | null {
    // A step fits the state that was committed: what is being drawn becomes a step of its own.
    this.commit();
    const step = from.pop();
    if (!step) return null;
    const { box, bits } = step;
    let bit = 0;
    for (let y = box.top; y < box.bottom; y++) {
      for (let i = y * this.width + box.left; i < y * this.width + box.right; i++, bit++) {
        if (!(bits[bit >> 3]! & (1 << (bit & 7)))) continue;
        const value = this.pixels[i]! ^ 1;
        this.pixels[i] = this.#committed[i] = value;
        this.#count += value ? 1 : -1;
      }
    }
    to.push(step);
    return box;
  }
}

/** From where to where a line of that radius covers the height y; empty where the first is above the second. */
function rowOfLine(y: number, x0: number, y0: number, x1: number, y1: number, radius: number): [number, number] {
  let left = Infinity, right = -Infinity;
  const cover = (from: number, to: number): void => {
    if (from > to) return;
    left = Math.min(left, from);
    right = Math.max(right, to);
  };
  for (const [x, centre] of [[x0, y0], [x1, y1]] as const) {
    const half = radius * radius - (y - centre) * (y - centre);
    if (half >= 0) cover(x - Math.sqrt(half), x + Math.sqrt(half));
  }
  const dx = x1 - x0, dy = y1 - y0, length = Math.hypot(dx, dy);
  if (length > 0) {
    // The band: 0 ≤ (p − a)·d ≤ |d|² and |(p − a) × d| ≤ r·|d|, each an interval of x.
    const along = between(x0, dx, dy * (y - y0), 0, length * length);
    const across = between(x0, -dy, dx * (y - y0), -radius * length, radius * length);
    cover(Math.max(along[0], across[0]), Math.min(along[1], across[1]));
  }
  return [left, right];
}

/** The x for which (x − origin)·factor + rest lies between min and max. */
function between(origin: number, factor: number, rest: number, min: number, max: number): [number, number] {
  if (factor === 0) return rest >= min && rest <= max ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const a = origin + (min - rest) / factor, b = origin + (max - rest) / factor;
  return a < b ? [a, b] : [b, a];
}

function union(a: Box, b: Box): Box {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}
