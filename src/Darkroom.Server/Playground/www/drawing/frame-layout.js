import { sides } from './edges.js';
const restShare = 0.7;
const inset = 12;
export class FrameLayout {
    stage;
    scale = 1;
    #left = 0;
    #top = 0;
    #held = false;
    constructor(stage) {
        this.stage = stage;
    }
    hold() { this.#held = true; }
    release() { this.#held = false; }
    place(area, picture, edges) {
        const box = { width: this.stage.clientWidth, height: this.stage.clientHeight };
        const width = picture.width + edges.left + edges.right, height = picture.height + edges.top + edges.bottom;
        if (box.width === 0 || box.height === 0)
            return;
        if (!this.#held)
            this.#fit(box, width, height, edges, restShare * box.width, restShare * box.height);
        else if (!this.#inside(box, width, height, edges))
            this.#fit(box, width, height, edges, box.width - 2 * inset, box.height - 2 * inset);
        const place = (element, values) => {
            for (const name of ['left', 'top', 'width', 'height'])
                element.style[name] = `${values[name]}px`;
        };
        place(area, {
            left: this.#left - edges.left * this.scale, top: this.#top - edges.top * this.scale, width: width * this.scale, height: height * this.scale,
        });
        place(picture, { left: edges.left * this.scale, top: edges.top * this.scale, width: picture.width * this.scale, height: picture.height * this.scale });
        for (const side of sides)
            area.classList.toggle(`frame-extends-${side}`, edges[side] > 0);
    }
    #inside(box, width, height, edges) {
        const left = this.#left - edges.left * this.scale, top = this.#top - edges.top * this.scale;
        return left >= inset && top >= inset && left + width * this.scale <= box.width - inset && top + height * this.scale <= box.height - inset;
    }
    #fit(box, width, height, edges, maxWidth, maxHeight) {
        const scale = Math.min(maxWidth / width, maxHeight / height);
        this.scale = this.#held ? Math.min(this.scale, scale) : scale;
        this.#left = (box.width - width * this.scale) / 2 + edges.left * this.scale;
        this.#top = (box.height - height * this.scale) / 2 + edges.top * this.scale;
    }
}
