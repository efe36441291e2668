// Questions to the person, in the browser's own dialogs: they hold the focus and close by Escape.
import { h, icon, type Child } from './dom.js';
import { t } from './i18n/index.js';

/** A dialog with a title and a button that closes it; it leaves the page when it is closed. */
export function dialog(title: string, look: string, ...children: Child[]): HTMLDialogElement {
  const heading = h('h2', { id: 'dialog-title' }, title);
  const box = h('dialog', { class: look, 'aria-labelledby': 'dialog-title' },
    h('div', { class: 'dialog-head' }, heading,
      h('button', { type: 'button', class: 'only-icon', 'aria-label': t('close'), onclick: () => box.close() }, icon('close'))),
    ...children);
  box.addEventListener('close', () => box.remove());
  // A click beside it.
  box.addEventListener('click', event => { if (event.target === box) box.close(); });
  document.body.append(box);
  box.showModal();
  return box;
}

export function confirmed(title: string, text: string, yes: string): Promise<boolean> {
  return new Promise(done => {
    let answer = false;
    const box = dialog(title, 'narrow', h('p', {}, text), h('div', { class: 'dialog-buttons' },
      h('button', { type: 'button', class: 'small-button', onclick: () => box.close() }, t('cancel')),
      h('button', { type: 'button', class: 'small-button danger filled', onclick: () => { answer = true; box.close(); } }, yes)));
    box.addEventListener('close', () => done(answer));
  });
}
