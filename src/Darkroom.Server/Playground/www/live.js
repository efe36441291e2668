import { byId } from './dom.js';
export function sayOnce(text) {
    const live = byId('live');
    live.textContent = '';
    window.setTimeout(() => { live.textContent = text; }, 50);
}
