import { context2d, element } from './element.js';
import type { Box, Mask } from './mask.js';
import { Viewport, type Point } from './viewport.js';

/** Pixels of the mask that are turned into colours at once: 4 MiB. */
const maxPixelsAtOnce = 1 << 20;

/** The canvas that shows a picture, the mask over it as translucent stripes, and the ring of the brush. One device pixel is one pixel of the canvas. */
export class MaskSurface {
  readonly canvas: HTMLCanvasElement;
  readonly view = new Viewport();
  /** The ring: its middle and its radius in pixels of the picture; null hides it. */
  ring: { at: Point; radius: number } | null = null;
  readonly #context: CanvasRenderingContext2D;
  readonly #layer = element('canvas');
  readonly #overlay = element('canvas');
  #picture: ImageBitmap | null = null;
  #mask: Mask | null = null;
  #ratio = 1;
  #frame = 0;
  #stripes: { colour: string; ratio: number; fill: CanvasPattern | string } | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#context = context2d(canvas);
    const observer = new ResizeObserver(entries => this.#resize(entries[entries.length - 1]));
    // Whole device pixels where the browser tells them; the same observer then fires when a window moves to another screen.
    try { observer.observe(canvas, { box: 'device-pixel-content-box' }); } catch { observer.observe(canvas); }
  }

  open(picture: ImageBitmap, mask: Mask): void {
    this.#picture = picture;
    this.#mask = mask;
    this.#layer.width = mask.width;
    this.#layer.height = mask.height;
    this.view.open(mask.width, mask.height);
    this.draw();
  }

  /** Takes over pixels of the mask that changed. */
  refresh(box: Box | null): void {
    const mask = this.#mask;
    if (!mask || !box || box.left >= box.right) return;
    const width = box.right - box.left, rows = Math.max(1, Math.floor(maxPixelsAtOnce / width)), context = context2d(this.#layer);
    for (let top = box.top; top < box.bottom; top += rows) {
      const colours = new ImageData(width, Math.min(rows, box.bottom - top)), words = new Uint32Array(colours.data.buffer);
      for (let y = 0; y < colours.height; y++) {
        const from = (top + y) * mask.width + box.left;
        for (let x = 0; x < width; x++) if (mask.pixels[from + x]) words[y * width + x] = 0xffffffff;
      }
      context.putImageData(colours, box.left, top);
    }
    this.draw();
  }

  /** Draws with the browser's next frame, once however often it is asked. */
  draw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #resize(entry: ResizeObserverEntry | undefined): void {
    if (!entry) return;
    const css = entry.contentRect, ratio = window.devicePixelRatio || 1, device = entry.devicePixelContentBoxSize?.[0];
    // The browser's own count is exact where sides are no whole pixels; one that is far from the ratio is of another screen (emulated devices).
    const pixels = (side: number, counted: number | undefined): number =>
      counted !== undefined && Math.abs(counted - side * ratio) <= 1 ? counted : Math.round(side * ratio);
    const width = pixels(css.width, device?.inlineSize), height = pixels(css.height, device?.blockSize);
    if (width === 0 || height === 0) return;
    this.canvas.width = this.#overlay.width = width;
    this.canvas.height = this.#overlay.height = height;
    this.#ratio = width / css.width;
    this.view.resize(css.width, css.height);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#draw();
  }

  #draw(): void {
    const context = this.#context, { width, height } = this.canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!this.#picture || !this.#mask) return;
    this.#place(context);
    // Enlarged far, single pixels are what one paints.
    context.imageSmoothingEnabled = this.view.scale < 4;
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#picture, 0, 0, this.#mask.width, this.#mask.height);
    this.#drawMask(context, width, height);
    this.#drawRing(context);
  }

  // From pixels of the picture to device pixels; the corner stands on a whole one.
  #place(context: CanvasRenderingContext2D): void {
    const scale = this.view.scale * this.#ratio;
    context.setTransform(scale, 0, 0, scale, Math.round(this.view.x * this.#ratio), Math.round(this.view.y * this.#ratio));
  }

  #drawMask(context: CanvasRenderingContext2D, width: number, height: number): void {
    const overlay = context2d(this.#overlay), colour = getComputedStyle(this.canvas).color;
    overlay.setTransform(1, 0, 0, 1, 0, 0);
    overlay.globalCompositeOperation = 'source-over';
    overlay.clearRect(0, 0, width, height);
    this.#place(overlay);
    overlay.imageSmoothingEnabled = this.view.scale < 1;
    overlay.drawImage(this.#layer, 0, 0);
    overlay.setTransform(1, 0, 0, 1, 0, 0);
    overlay.globalCompositeOperation = 'source-in';
    if (this.#stripes?.colour !== colour || this.#stripes.ratio !== this.#ratio) {
      this.#stripes = { colour, ratio: this.#ratio, fill: stripes(overlay, colour, this.#ratio) };
    }
    overlay.fillStyle = this.#stripes.fill;
    overlay.fillRect(0, 0, width, height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#overlay, 0, 0);
  }

  // Dark around light is seen on every picture.
  #drawRing(context: CanvasRenderingContext2D): void {
    if (!this.ring) return;
    const scale = this.view.scale * this.#ratio;
    const x = (this.ring.at.x * this.view.scale + this.view.x) * this.#ratio, y = (this.ring.at.y * this.view.scale + this.view.y) * this.#ratio;
    for (const [colour, line] of [['rgba(0, 0, 0, 0.75)', 3], ['#fff', 1.25]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = line * this.#ratio;
      context.beginPath();
      context.arc(x, y, Math.max(this.ring.radius * scale, 1.5 * this.#ratio), 0, 2 * Math.PI);
      for (const [dx, dy] of [[1, 0], [0, 1]] as const) {
        context.moveTo(x - 4 * dx * this.#ratio, y - 4 * dy * this.#ratio);
        context.lineTo(x + 4 * dx * this.#ratio, y + 4 * dy * this.#ratio);
      }
      context.stroke();
    }
  }
}

// Colour alone is lost on a picture of that colour; stripes are seen on all.
function stripes(context: CanvasRenderingContext2D, colour: string, ratio: number): CanvasPattern | string {
  const side = Math.max(4, Math.round(8 * ratio)), tile = element('canvas');
  tile.width = tile.height = side;
  const drawing = context2d(tile);
  drawing.fillStyle = drawing.strokeStyle = colour;
  drawing.globalAlpha = 0.45;
  drawing.fillRect(0, 0, side, side);
  drawing.globalAlpha = 0.6;
  drawing.lineWidth = side / 4;
  for (const shift of [-side, 0, side]) {
    drawing.beginPath();
    drawing.moveTo(shift - side / 2, side * 1.5);
    drawing.lineTo(shift + side * 1.5, -side / 2);
    drawing.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? colour;
}
