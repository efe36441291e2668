// What is filled in. It is kept in the browser: a reload loses nothing, the pictures included.
import { drafts } from './shelf.js';
import { tasks, type Task, type Values } from './wire.js';

const stored = 'darkroom.form';

export type Slot = 'image' | 'mask' | 'control';

class FormState extends EventTarget {
  task: Task = 'txt2img';
  /** What was set by hand, by the field's name; a field that is not in it has the model's own value. */
  values: Values = {};
  pictures: Partial<Record<Slot, Blob>> = {};

  constructor() {
    super();
    try {
      const held = JSON.parse(localStorage.getItem(stored) ?? '{}') as { task?: Task; values?: Values };
      if (held.task && tasks.includes(held.task)) this.task = held.task;
      if (held.values && typeof held.values === 'object') this.values = held.values;
    } catch {
      localStorage.removeItem(stored); // not ours
    }
  }

  /** Reads the pictures that were chosen before a reload. */
  async restore(): Promise<void> {
    for (const slot of ['image', 'mask', 'control'] as const) {
      const held = await drafts.get(slot);
      if (held) this.pictures[slot] = held;
    }
  }

  set(name: string, value: unknown): void {
    if (value === undefined || value === '') delete this.values[name];
    else this.values[name] = value;
    this.changed('value', name);
  }

  setAll(values: Values): void {
    this.values = { ...values };
    this.changed('all');
  }

  setTask(task: Task): void {
    if (task === this.task) return;
    this.task = task;
    this.changed('task');
  }

  setPicture(slot: Slot, picture: Blob | null): void {
    if (picture) this.pictures[slot] = picture;
    else delete this.pictures[slot];
    void drafts.set(slot, picture);
    this.changed('picture', slot);
  }

  private changed(kind: string, name = ''): void {
    localStorage.setItem(stored, JSON.stringify({ task: this.task, values: this.values }));
    this.dispatchEvent(new CustomEvent(kind, { detail: name }));
    this.dispatchEvent(new CustomEvent('any', { detail: name }));
  }
}

export const state = new FormState();
