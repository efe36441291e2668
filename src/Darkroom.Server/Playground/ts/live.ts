// What a screen reader is told.
import { byId } from './dom.js';

export function sayOnce(text: string): void {
  const live = byId('live');
  live.textContent = '';
  window.setTimeout(() => { live.textContent = text; }, 50);
}
