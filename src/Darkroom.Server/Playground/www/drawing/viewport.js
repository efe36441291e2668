import { clamp } from './element.js';
const margin = 12;
const maxScale = 32;
export class Viewport {
    scale = 1;
    x = 0;
    y = 0;
    #box = { width: 0, height: 0 };
    #picture = { width: 1, height: 1 };
    #whole = true;
    get #fitScale() {
        const room = (side) => Math.max(1, side > 6 * margin ? side - 2 * margin : side);
        return Math.min(room(this.#box.width) / this.#picture.width, room(this.#box.height) / this.#picture.height);
    }
    open(width, height) {
        this.#picture = { width, height };
        this.fit();
    }
    resize(width, height) {
        const middle = this.toPicture({ x: this.#box.width / 2, y: this.#box.height / 2 });
        this.#box = { width, height };
        if (this.#whole)
            return this.fit();
        this.x = width / 2 - middle.x * this.scale;
        this.y = height / 2 - middle.y * this.scale;
        this.#bound();
    }
    fit() {
        this.#whole = true;
        this.scale = this.#fitScale;
        this.#bound();
    }
    zoom(factor, at = { x: this.#box.width / 2, y: this.#box.height / 2 }) {
        const fit = this.#fitScale, point = this.toPicture(at), wanted = this.scale * factor;
        if (wanted <= fit * 1.001)
            return this.fit();
        this.#whole = false;
        this.scale = clamp(wanted, fit, Math.max(maxScale, fit));
        this.x = at.x - point.x * this.scale;
        this.y = at.y - point.y * this.scale;
        this.#bound();
    }
    pan(dx, dy) {
        this.x += dx;
        this.y += dy;
        this.#bound();
    }
    reveal(point) {
        const inset = Math.min(32, this.#box.width / 4, this.#box.height / 4), at = { x: point.x * this.scale + this.x, y: point.y * this.scale + this.y };
        this.pan(clamp(at.x, inset, this.#box.width - inset) - at.x, clamp(at.y, inset, this.#box.height - inset) - at.y);
    }
    toPicture(point) {
        return { x: (point.x - this.x) / this.scale, y: (point.y - this.y) / this.scale };
    }
    #bound() {
        const place = (at, picture, box) => {
            const side = picture * this.scale;
            return side <= box ? (box - side) / 2 : clamp(at, box * 2 / 3 - side, box / 3);
        };
        this.x = place(this.x, this.#picture.width, this.#box.width);
        this.y = place(this.y, this.#picture.height, this.#box.height);
    }
}
