import { sides, type Edges } from './edges.js';

/** Share of the stage that a frame takes at rest: the rest is room to drag into. */
const restShare = 0.7;

/** CSS pixels between a frame that fills the stage and the stage's border. */
const inset = 12;

/** Where a frame stands on its stage. While an edge is held the picture stays where it is; it gets smaller only as far as the frame would leave the stage. */
export class FrameLayout {
  readonly stage: HTMLElement;
  /** CSS pixels for one pixel of the picture. */
  scale = 1;
  #left = 0;
  #top = 0;
  #held = false;

  constructor(stage: HTMLElement) {
    this.stage = stage;
  }

  hold(): void { this.#held = true; }
  release(): void { this.#held = false; }

  /** Places the frame and the picture in it. */
  place(area: HTMLElement, picture: HTMLCanvasElement, edges: Edges): void {
    const box = { width: this.stage.clientWidth, height: this.stage.clientHeight };
    const width = picture.width + edges.left + edges.right, height = picture.height + edges.top + edges.bottom;
    if (box.width === 0 || box.height === 0) return;
    if (!this.#held) this.#fit(box, width, height, edges, restShare * box.width, restShare * box.height);
    else if (!this.#inside(box, width, height, edges)) this.#fit(box, width, height, edges, box.width - 2 * inset, box.height - 2 * inset);
    const place = (element: HTMLElement, values: Record<'left' | 'top' | 'width' | 'height', number>): void => {
      for (const name of ['left', 'top', 'width', 'height'] as const) element.style[name] = `${values[name]}px`;
    };
    place(area, {
      left: this.#left - edges.left * this.scale, top: this.#top - edges.top * this.scale, width: width * this.scale, height: height * this.scale,
    });
    place(picture, { left: edges.left * this.scale, top: edges.top * this.scale, width: picture.width * this.scale, height: picture.height * this.scale });
    for (const side of sides) area.classList.toggle(`frame-extends-${side}`, edges[side] > 0);
  }

  #inside(box: { width: number; height: number }, width: number, height: number, edges: Edges): boolean {
    const left = this.#left - edges.left * this.scale, top = this.#top - edges.top * this.scale;
    return left >= inset && top >= inset && left + width * this.scale <= box.width - inset && top + height * this.scale <= box.height - inset;
  }

  #fit(box: { width: number; height: number }, width: number, height: number, edges: Edges, maxWidth: number, maxHeight: number): void {
    const scale = Math.min(maxWidth / width, maxHeight / height);
    this.scale = this.#held ? Math.min(this.scale, scale) : scale;
    this.#left = (box.width - width * this.scale) / 2 + edges.left * this.scale;
    this.#top = (box.height - height * this.scale) / 2 + edges.top * this.scale;
  }
}
