import { clamp, context2d, element, pictureCanvas } from './drawing/element.js';
import { Mask } from './drawing/mask.js';
import { MaskSurface } from './drawing/mask-surface.js';
import { Pointers } from './drawing/pointers.js';
import { Toolbar } from './drawing/toolbar.js';
export class MaskEditor {
    onchange;
    #t;
    #canvas = element('canvas', { class: 'mask-canvas', role: 'application', tabindex: '0' });
    #stage = element('div', { class: 'mask-stage' }, this.#canvas);
    #surface;
    #pointers;
    #size = element('input', { type: 'range', class: 'mask-size', min: '1', max: '100', step: '1' });
    #sizeText = element('output', { class: 'mask-number' });
    #zoomText = element('output', { class: 'mask-number' });
    #status = element('p', { class: 'drawing-status', role: 'status' });
    #buttons;
    #mask = null;
    #tool = 'brush';
    #diameter = 32;
    #value = 1;
    #last = null;
    #hover = null;
    #cursor = { x: 0, y: 0 };
    #held = null;
    constructor(host, t) {
        this.#t = t;
        this.#surface = new MaskSurface(this.#canvas);
        this.#canvas.setAttribute('aria-label', t('mask.canvas'));
        this.#canvas.setAttribute('aria-description', t('mask.keys'));
        const bar = new Toolbar(t('mask.tools'));
        bar.group();
        const brush = bar.button('brush', t('mask.brush'), 'B', () => this.#take('brush'));
        const eraser = bar.button('eraser', t('mask.eraser'), 'E', () => this.#take('eraser'));
        bar.group();
        const undo = bar.button('undo', t('mask.undo'), 'Ctrl+Z', () => this.undo());
        const redo = bar.button('redo', t('mask.redo'), 'Ctrl+Shift+Z', () => this.redo());
        const clear = bar.button('clear', t('mask.clear'), '', () => this.clear());
        bar.button('invert', t('mask.invert'), '', () => this.invert());
        this.#size.title = `${t('mask.size')} ([ ])`;
        bar.group('mask-size-group');
        bar.add(element('label', { class: 'mask-size-label' }, element('span', {}, t('mask.size')), this.#size), this.#sizeText);
        const view = new Toolbar(t('mask.view'));
        view.group();
        view.button('minus', t('mask.zoomOut'), '−', () => this.#zoom(1 / 1.25));
        view.add(this.#zoomText);
        view.button('plus', t('mask.zoomIn'), '+', () => this.#zoom(1.25));
        view.button('fit', t('mask.fit'), '0', () => this.#fit());
        this.#buttons = { brush, eraser, undo, redo, clear };
        const root = element('div', { class: 'drawing mask-editor', role: 'group', 'aria-label': t('mask.editor') }, bar.element, this.#stage, element('div', { class: 'mask-footer' }, this.#status, view.element));
        this.#size.addEventListener('input', () => this.#resize(this.#size.valueAsNumber));
        root.addEventListener('keydown', event => this.#shortcut(event));
        this.#canvas.addEventListener('keydown', event => this.#key(event));
        this.#canvas.addEventListener('keyup', event => this.#keyUp(event));
        this.#canvas.addEventListener('focus', () => this.#showRing());
        this.#canvas.addEventListener('blur', () => {
            delete this.#canvas.dataset['by'];
            this.#release();
        });
        this.#canvas.addEventListener('contextmenu', event => event.preventDefault());
        new ResizeObserver(() => this.#showView()).observe(this.#stage);
        this.#pointers = new Pointers(this.#canvas, this.#target());
        this.#take('brush');
        this.#resize(this.#diameter);
        this.#show();
        host.append(root);
    }
    get hasMask() { return (this.#mask?.count ?? 0) > 0; }
    setPicture(picture) {
        const mask = this.#mask = new Mask(picture.width, picture.height), longest = Math.max(picture.width, picture.height);
        this.#stage.style.aspectRatio = `${picture.width} / ${picture.height}`;
        this.#size.max = String(Math.max(8, Math.round(longest / 2)));
        this.#cursor = { x: Math.floor(picture.width / 2) + 0.5, y: Math.floor(picture.height / 2) + 0.5 };
        this.#last = null;
        this.#surface.open(picture, mask);
        this.#resize(Math.max(3, Math.round(longest / 10)));
        this.#showView();
        this.#changed();
    }
    async toBlob() {
        const mask = this.#opened(), canvas = element('canvas');
        canvas.width = mask.width;
        canvas.height = mask.height;
        const colours = new ImageData(mask.width, mask.height), bytes = colours.data;
        for (let i = 0; i < mask.pixels.length; i++) {
            bytes[4 * i] = bytes[4 * i + 1] = bytes[4 * i + 2] = mask.pixels[i] ? 255 : 0;
            bytes[4 * i + 3] = 255;
        }
        context2d(canvas).putImageData(colours, 0, 0);
        return new Promise((resolve, reject) => canvas.toBlob(blob => blob ? resolve(blob) : reject(new Error('The browser could not encode the mask.')), 'image/png'));
    }
    setMask(mask) {
        const own = this.#opened(), canvas = pictureCanvas(mask, ''), context = context2d(canvas);
        if (canvas.width !== own.width || canvas.height !== own.height) {
            canvas.width = own.width;
            canvas.height = own.height;
            context.drawImage(mask, 0, 0, own.width, own.height);
        }
        const bytes = context.getImageData(0, 0, own.width, own.height).data;
        own.replace((_, i) => {
            const light = 0.299 * bytes[4 * i] + 0.587 * bytes[4 * i + 1] + 0.114 * bytes[4 * i + 2];
            return light * bytes[4 * i + 3] >= 127.5 * 255 ? 1 : 0;
        });
        this.#commit();
    }
    undo() { this.#step(this.#mask?.undo()); }
    redo() { this.#step(this.#mask?.redo()); }
    clear() {
        this.#mask?.replace(() => 0);
        this.#commit();
    }
    invert() {
        this.#mask?.replace(value => value ^ 1);
        this.#commit();
    }
    #opened() {
        if (!this.#mask)
            throw new Error('There is no picture to mask.');
        return this.#mask;
    }
    #step(box) {
        if (!box)
            return;
        this.#surface.refresh(box);
        this.#changed();
    }
    #commit() {
        const mask = this.#mask;
        if (!mask?.commit())
            return;
        this.#surface.refresh({ left: 0, top: 0, right: mask.width, bottom: mask.height });
        this.#changed();
    }
    #changed() {
        this.#show();
        this.onchange?.();
    }
    #begin(at, erase, join) {
        this.#value = erase || this.#tool === 'eraser' ? 0 : 1;
        const from = join && this.#last ? this.#last : at;
        this.#last = from;
        this.#extend(at);
    }
    #extend(to) {
        const from = this.#last ?? to;
        this.#last = to;
        if (this.#mask)
            this.#surface.refresh(this.#mask.line(from.x, from.y, to.x, to.y, this.#diameter / 2, this.#value));
    }
    #end() {
        if (this.#mask?.commit())
            this.#changed();
    }
    #target() {
        const held = () => this.#held === 'pan', view = this.#surface.view;
        return {
            get panning() { return held(); },
            begin: (at, { erase, join }) => this.#begin(view.toPicture(at), erase, join),
            extend: through => through.forEach(at => this.#extend(view.toPicture(at))),
            end: () => this.#end(),
            cancel: () => this.#surface.refresh(this.#mask?.revert() ?? null),
            hover: at => {
                this.#hover = at;
                this.#showRing();
            },
            pan: (dx, dy) => {
                view.pan(dx, dy);
                this.#showView();
            },
            zoom: (factor, at) => this.#zoom(factor, at),
        };
    }
    #shortcut(event) {
        const key = event.key.toLowerCase();
        if (event.ctrlKey || event.metaKey) {
            if (event.altKey)
                return;
            if (key === 'z')
                event.shiftKey ? this.redo() : this.undo();
            else if (key === 'y')
                this.redo();
            else
                return;
        }
        else if (event.altKey) {
            return;
        }
        else {
            const act = {
                'b': () => this.#take('brush'), 'e': () => this.#take('eraser'), '+': () => this.#zoom(1.25), '=': () => this.#zoom(1.25),
                '-': () => this.#zoom(1 / 1.25), '0': () => this.#fit(),
                '[': () => this.#resize(Math.min(this.#diameter - 1, Math.round(this.#diameter / 1.15))),
                ']': () => this.#resize(Math.max(this.#diameter + 1, Math.round(this.#diameter * 1.15))),
            }[key];
            if (!act)
                return;
            act();
        }
        event.preventDefault();
    }
    #key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || !this.#mask)
            return;
        if (!this.#hover)
            this.#canvas.dataset['by'] = 'keys';
        const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (arrow) {
            const pixels = event.shiftKey ? 1 : Math.max(1, Math.round(this.#diameter / 2)), { width, height } = this.#mask;
            this.#cursor = { x: clamp(this.#cursor.x + arrow[0] * pixels, 0.5, width - 0.5), y: clamp(this.#cursor.y + arrow[1] * pixels, 0.5, height - 0.5) };
            this.#hover = null;
            this.#canvas.dataset['by'] = 'keys';
            this.#surface.view.reveal(this.#cursor);
            if (this.#held === 'pen')
                this.#extend(this.#cursor);
            this.#showRing();
        }
        else if (event.key === 'Enter' || event.key === ' ') {
            if (!this.#held) {
                this.#held = event.key === ' ' && this.#hover ? 'pan' : 'pen';
                if (this.#held === 'pen')
                    this.#begin(this.#cursor, false, false);
                this.#showRing();
            }
        }
        else {
            return;
        }
        event.preventDefault();
    }
    #keyUp(event) {
        if (event.key === 'Enter' || event.key === ' ')
            this.#release();
    }
    #release() {
        if (this.#held === 'pen')
            this.#end();
        this.#held = null;
        this.#showRing();
    }
    #take(tool) {
        this.#tool = tool;
        for (const one of ['brush', 'eraser'])
            this.#buttons[one].setAttribute('aria-pressed', String(one === tool));
    }
    #resize(diameter) {
        this.#diameter = clamp(diameter, 1, Number(this.#size.max));
        this.#size.value = String(this.#diameter);
        this.#sizeText.value = `${this.#diameter} px`;
        this.#size.setAttribute('aria-valuetext', this.#sizeText.value);
        this.#showRing();
    }
    #zoom(factor, at) {
        this.#surface.view.zoom(factor, at);
        this.#showView();
    }
    #fit() {
        this.#surface.view.fit();
        this.#showView();
    }
    #showView() {
        this.#zoomText.value = `${Math.round(this.#surface.view.scale * 100)}%`;
        this.#showRing();
    }
    #showRing() {
        const keys = document.activeElement === this.#canvas && this.#canvas.dataset['by'] !== 'pointer';
        const at = this.#hover ? this.#surface.view.toPicture(this.#hover) : keys ? this.#cursor : null;
        const pans = this.#held === 'pan' || this.#pointers.dragging;
        this.#canvas.dataset['hand'] = !pans ? 'off' : this.#pointers.dragging ? 'closed' : 'open';
        this.#surface.ring = at && !pans && this.#mask ? { at, radius: this.#diameter / 2 } : null;
        this.#surface.draw();
    }
    #show() {
        const mask = this.#mask, share = mask ? 100 * mask.count / (mask.width * mask.height) : 0;
        Toolbar.enable(this.#buttons.undo, mask?.canUndo ?? false);
        Toolbar.enable(this.#buttons.redo, mask?.canRedo ?? false);
        Toolbar.enable(this.#buttons.clear, this.hasMask);
        this.#status.textContent = this.hasMask ? this.#t('mask.share').replace('{share}', share < 10 ? share.toFixed(1) : share.toFixed(0)) : this.#t('mask.hint');
    }
}
