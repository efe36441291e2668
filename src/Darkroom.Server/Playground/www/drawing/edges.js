import { clamp } from './element.js';
export const sides = ['left', 'top', 'right', 'bottom'];
export const maxExtension = 2000;
export const step = 8;
export function snap(value, single) {
    return clamp(single ? Math.round(value) : Math.round(value / step) * step, 0, maxExtension);
}
