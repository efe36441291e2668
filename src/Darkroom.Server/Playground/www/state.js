import { drafts } from './shelf.js';
import { tasks } from './wire.js';
const stored = 'darkroom.form';
class FormState extends EventTarget {
    task = 'txt2img';
    values = {};
    pictures = {};
    constructor() {
        super();
        try {
            const held = JSON.parse(localStorage.getItem(stored) ?? '{}');
            if (held.task && tasks.includes(held.task))
                this.task = held.task;
            if (held.values && typeof held.values === 'object')
                this.values = held.values;
        }
        catch {
            localStorage.removeItem(stored);
        }
    }
    async restore() {
        for (const slot of ['image', 'mask', 'control']) {
            const held = await drafts.get(slot);
            if (held)
                this.pictures[slot] = held;
        }
    }
    set(name, value) {
        if (value === undefined || value === '')
            delete this.values[name];
        else
            this.values[name] = value;
        this.changed('value', name);
    }
    setAll(values) {
        this.values = { ...values };
        this.changed('all');
    }
    setTask(task) {
        if (task === this.task)
            return;
        this.task = task;
        this.changed('task');
    }
    setPicture(slot, picture) {
        if (picture)
            this.pictures[slot] = picture;
        else
            delete this.pictures[slot];
        void drafts.set(slot, picture);
        this.changed('picture', slot);
    }
    changed(kind, name = '') {
        localStorage.setItem(stored, JSON.stringify({ task: this.task, values: this.values }));
        this.dispatchEvent(new CustomEvent(kind, { detail: name }));
        this.dispatchEvent(new CustomEvent('any', { detail: name }));
    }
}
export const state = new FormState();
