const maxHistoryBytes = 16 * 1024 * 1024;
export class Mask {
    width;
    height;
    pixels;
    #committed;
    #maxBytes;
    #changed = null;
    #undo = [];
    #redo = [];
    #bytes = 0;
    #count = 0;
    constructor(width, height, maxBytes = maxHistoryBytes) {
        this.width = width;
        this.height = height;
        this.pixels = new Uint8Array(width * height);
        this.#committed = new Uint8Array(width * height);
        this.#maxBytes = maxBytes;
    }
    get count() { return this.#count; }
    get canUndo() { return this.#undo.length > 0; }
    get canRedo() { return this.#redo.length > 0; }
    get #whole() { return { left: 0, top: 0, right: this.width, bottom: this.height }; }
    line(x0, y0, x1, y1, radius, value) {
        const top = Math.max(0, Math.ceil(Math.min(y0, y1) - radius - 0.5));
        const bottom = Math.min(this.height, Math.floor(Math.max(y0, y1) + radius - 0.5) + 1);
        const box = { left: this.width, top, right: 0, bottom };
        for (let y = top; y < bottom; y++) {
            const run = rowOfLine(y + 0.5, x0, y0, x1, y1, radius);
            const left = Math.max(0, Math.ceil(run[0] - 0.5)), right = Math.min(this.width, Math.floor(run[1] - 0.5) + 1);
            if (left >= right)
                continue;
            this.pixels.fill(value, y * this.width + left, y * this.width + right);
            box.left = Math.min(box.left, left);
            box.right = Math.max(box.right, right);
        }
        if (box.left < box.right && box.top < box.bottom)
            this.#changed = this.#changed ? union(this.#changed, box) : box;
        return box;
    }
    replace(of) {
        for (let i = 0; i < this.pixels.length; i++)
            this.pixels[i] = of(this.pixels[i], i);
        this.#changed = this.#whole;
    }
    commit() {
        const box = this.#changed;
        this.#changed = null;
        if (!box)
            return false;
        const bits = new Uint8Array(Math.ceil((box.right - box.left) * (box.bottom - box.top) / 8));
        let turned = false, bit = 0;
        for (let y = box.top; y < box.bottom; y++) {
            for (let i = y * this.width + box.left; i < y * this.width + box.right; i++, bit++) {
                const value = this.pixels[i];
                if (value === this.#committed[i])
                    continue;
                bits[bit >> 3] |= 1 << (bit & 7);
                this.#committed[i] = value;
                this.#count += value ? 1 : -1;
                turned = true;
            }
        }
        if (!turned)
            return false;
        this.#undo.push({ box, bits });
        this.#bytes += bits.length - this.#redo.reduce((sum, step) => sum + step.bits.length, 0);
        this.#redo = [];
        while (this.#bytes > this.#maxBytes && this.#undo.length > 1)
            this.#bytes -= this.#undo.shift().bits.length;
        return true;
    }
    revert() {
        const box = this.#changed;
        this.#changed = null;
        for (let y = box?.top ?? 0; box && y < box.bottom; y++) {
            const from = y * this.width + box.left;
            this.pixels.set(this.#committed.subarray(from, from + box.right - box.left), from);
        }
        return box;
    }
    undo() { return this.#apply(this.#undo, this.#redo); }
    redo() { return this.#apply(this.#redo, this.#undo); }
    #apply(from, to) {
        this.commit();
        const step = from.pop();
        if (!step)
            return null;
        const { box, bits } = step;
        let bit = 0;
        for (let y = box.top; y < box.bottom; y++) {
            for (let i = y * this.width + box.left; i < y * this.width + box.right; i++, bit++) {
                if (!(bits[bit >> 3] & (1 << (bit & 7))))
                    continue;
                const value = this.pixels[i] ^ 1;
                this.pixels[i] = this.#committed[i] = value;
                this.#count += value ? 1 : -1;
            }
        }
        to.push(step);
        return box;
    }
}
function rowOfLine(y, x0, y0, x1, y1, radius) {
    let left = Infinity, right = -Infinity;
    const cover = (from, to) => {
        if (from > to)
            return;
        left = Math.min(left, from);
        right = Math.max(right, to);
    };
    for (const [x, centre] of [[x0, y0], [x1, y1]]) {
        const half = radius * radius - (y - centre) * (y - centre);
        if (half >= 0)
            cover(x - Math.sqrt(half), x + Math.sqrt(half));
    }
    const dx = x1 - x0, dy = y1 - y0, length = Math.hypot(dx, dy);
    if (length > 0) {
        const along = between(x0, dx, dy * (y - y0), 0, length * length);
        const across = between(x0, -dy, dx * (y - y0), -radius * length, radius * length);
        cover(Math.max(along[0], across[0]), Math.min(along[1], across[1]));
    }
    return [left, right];
}
function between(origin, factor, rest, min, max) {
    if (factor === 0)
        return rest >= min && rest <= max ? [-Infinity, Infinity] : [Infinity, -Infinity];
    const a = origin + (min - rest) / factor, b = origin + (max - rest) / factor;
    return a < b ? [a, b] : [b, a];
}
function union(a, b) {
    return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}
