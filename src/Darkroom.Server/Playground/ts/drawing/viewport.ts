import { clamp } from './element.js';

export interface Point { x: number; y: number }

/** Empty space around a picture that is shown whole, in CSS pixels: edges of the picture can be painted over without leaving the canvas. */
const margin = 12;

const maxScale = 32;

/** Where a picture stands in a box: CSS pixels of the box and pixels of the picture. */
export class Viewport {
  /** CSS pixels for one pixel of the picture. */
  scale = 1;
  /** The picture's left top corner in the box. */
  x = 0;
  y = 0;
  #box = { width: 0, height: 0 };
  #picture = { width: 1, height: 1 };
  #whole = true;

  get #fitScale(): number {
    const room = (side: number): number => Math.max(1, side > 6 * margin ? side - 2 * margin : side);
    return Math.min(room(this.#box.width) / this.#picture.width, room(this.#box.height) / this.#picture.height);
  }

  /** Takes another picture and shows it whole. */
  open(width: number, height: number): void {
    this.#picture = { width, height };
    this.fit();
  }

  /** Keeps a picture that is shown whole so, and otherwise what stands in the middle. */
  resize(width: number, height: number): void {
    const middle = this.toPicture({ x: this.#box.width / 2, y: this.#box.height / 2 });
    this.#box = { width, height };
    if (this.#whole) return this.fit();
    this.x = width / 2 - middle.x * this.scale;
    this.y = height / 2 - middle.y * this.scale;
    this.#bound();
  }

  fit(): void {
    this.#whole = true;
    this.scale = this.#fitScale;
    this.#bound();
  }

  /** Scales by a factor; what stands at a point of the box stays there. */
  zoom(factor: number, at: Point = { x: this.#box.width / 2, y: this.#box.height / 2 }): void {
    const fit = this.#fitScale, point = this.toPicture(at), wanted = this.scale * factor;
    if (wanted <= fit * 1.001) return this.fit();
    this.#whole = false;
    this.scale = clamp(wanted, fit, Math.max(maxScale, fit));
    this.x = at.x - point.x * this.scale;
    this.y = at.y - point.y * this.scale;
    this.#bound();
  }

  pan(dx: number, dy: number): void {
    this.x += dx;
    this.y += dy;
    this.#bound();
  }

  /** Moves as little as needed to have a pixel of the picture inside the box. */
  reveal(point: Point): void {
    const inset = Math.min(32, this.#box.width / 4, this.#box.height / 4), at = { x: point.x * this.scale + this.x, y: point.y * this.scale + this.y };
    this.pan(clamp(at.x, inset, this.#box.width - inset) - at.x, clamp(at.y, inset, this.#box.height - inset) - at.y);
  }

  toPicture(point: Point): Point {
    return { x: (point.x - this.x) / this.scale, y: (point.y - this.y) / this.scale };
  }

  // A side that fits stands in the middle; a longer one may leave up to a third of the box empty.
  #bound(): void {
    const place = (at: number, picture: number, box: number): number => {
      const side = picture * this.scale;
      return side <= box ? (box - side) / 2 : clamp(at, box * 2 / 3 - side, box / 3);
    };
    this.x = place(this.x, this.#picture.width, this.#box.width);
    this.y = place(this.y, this.#picture.height, this.#box.height);
  }
}
