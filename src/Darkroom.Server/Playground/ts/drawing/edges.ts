import { clamp } from './element.js';

/** Pixels of the picture by which each side is extended. */
export interface Edges { left: number; top: number; right: number; bottom: number }
export type Side = keyof Edges;

export const sides: readonly Side[] = ['left', 'top', 'right', 'bottom'];

/** The server's limit for each side (`left`, `right`, `up`, `down` of outpaint). */
export const maxExtension = 2000;

/** Pixels that edges move by: the size of what a latent stands for. */
export const step = 8;

/** The next whole step, or the next pixel, within the limits. */
export function snap(value: number, single: boolean): number {
  return clamp(single ? Math.round(value) : Math.round(value / step) * step, 0, maxExtension);
}
