import { context2d, element } from './element.js';
import { Viewport } from './viewport.js';
const maxPixelsAtOnce = 1 << 20;
export class MaskSurface {
    canvas;
    view = new Viewport();
    ring = null;
    #context;
    #layer = element('canvas');
    #overlay = element('canvas');
    #picture = null;
    #mask = null;
    #ratio = 1;
    #frame = 0;
    #stripes = null;
    constructor(canvas) {
        this.canvas = canvas;
        this.#context = context2d(canvas);
        const observer = new ResizeObserver(entries => this.#resize(entries[entries.length - 1]));
        try {
            observer.observe(canvas, { box: 'device-pixel-content-box' });
        }
        catch {
            observer.observe(canvas);
        }
    }
    open(picture, mask) {
        this.#picture = picture;
        this.#mask = mask;
        this.#layer.width = mask.width;
        this.#layer.height = mask.height;
        this.view.open(mask.width, mask.height);
        this.draw();
    }
    refresh(box) {
        const mask = this.#mask;
        if (!mask || !box || box.left >= box.right)
            return;
        const width = box.right - box.left, rows = Math.max(1, Math.floor(maxPixelsAtOnce / width)), context = context2d(this.#layer);
        for (let top = box.top; top < box.bottom; top += rows) {
            const colours = new ImageData(width, Math.min(rows, box.bottom - top)), words = new Uint32Array(colours.data.buffer);
            for (let y = 0; y < colours.height; y++) {
                const from = (top + y) * mask.width + box.left;
                for (let x = 0; x < width; x++)
                    if (mask.pixels[from + x])
                        words[y * width + x] = 0xffffffff;
            }
            context.putImageData(colours, box.left, top);
        }
        this.draw();
    }
    draw() {
        this.#frame ||= requestAnimationFrame(() => {
            this.#frame = 0;
            this.#draw();
        });
    }
    #resize(entry) {
        if (!entry)
            return;
        const css = entry.contentRect, ratio = window.devicePixelRatio || 1, device = entry.devicePixelContentBoxSize?.[0];
        const pixels = (side, counted) => counted !== undefined && Math.abs(counted - side * ratio) <= 1 ? counted : Math.round(side * ratio);
        const width = pixels(css.width, device?.inlineSize), height = pixels(css.height, device?.blockSize);
        if (width === 0 || height === 0)
            return;
        this.canvas.width = this.#overlay.width = width;
        this.canvas.height = this.#overlay.height = height;
        this.#ratio = width / css.width;
        this.view.resize(css.width, css.height);
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        this.#draw();
    }
    #draw() {
        const context = this.#context, { width, height } = this.canvas;
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
        if (!this.#picture || !this.#mask)
            return;
        this.#place(context);
        context.imageSmoothingEnabled = this.view.scale < 4;
        context.imageSmoothingQuality = 'high';
        context.drawImage(this.#picture, 0, 0, this.#mask.width, this.#mask.height);
        this.#drawMask(context, width, height);
        this.#drawRing(context);
    }
    #place(context) {
        const scale = this.view.scale * this.#ratio;
        context.setTransform(scale, 0, 0, scale, Math.round(this.view.x * this.#ratio), Math.round(this.view.y * this.#ratio));
    }
    #drawMask(context, width, height) {
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
    #drawRing(context) {
        if (!this.ring)
            return;
        const scale = this.view.scale * this.#ratio;
        const x = (this.ring.at.x * this.view.scale + this.view.x) * this.#ratio, y = (this.ring.at.y * this.view.scale + this.view.y) * this.#ratio;
        for (const [colour, line] of [['rgba(0, 0, 0, 0.75)', 3], ['#fff', 1.25]]) {
            context.strokeStyle = colour;
            context.lineWidth = line * this.#ratio;
            context.beginPath();
            context.arc(x, y, Math.max(this.ring.radius * scale, 1.5 * this.#ratio), 0, 2 * Math.PI);
            for (const [dx, dy] of [[1, 0], [0, 1]]) {
                context.moveTo(x - 4 * dx * this.#ratio, y - 4 * dy * this.#ratio);
                context.lineTo(x + 4 * dx * this.#ratio, y + 4 * dy * this.#ratio);
            }
            context.stroke();
        }
    }
}
function stripes(context, colour, ratio) {
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
