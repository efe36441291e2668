import { h, icon } from './dom.js';
import { t } from './i18n/index.js';
export function dialog(title, look, ...children) {
    const heading = h('h2', { id: 'dialog-title' }, title);
    const box = h('dialog', { class: look, 'aria-labelledby': 'dialog-title' }, h('div', { class: 'dialog-head' }, heading, h('button', { type: 'button', class: 'only-icon', 'aria-label': t('close'), onclick: () => box.close() }, icon('close'))), ...children);
    box.addEventListener('close', () => box.remove());
    box.addEventListener('click', event => { if (event.target === box)
        box.close(); });
    document.body.append(box);
    box.showModal();
    return box;
}
export function confirmed(title, text, yes) {
    return new Promise(done => {
        let answer = false;
        const box = dialog(title, 'narrow', h('p', {}, text), h('div', { class: 'dialog-buttons' }, h('button', { type: 'button', class: 'small-button', onclick: () => box.close() }, t('cancel')), h('button', { type: 'button', class: 'small-button danger filled', onclick: () => { answer = true; box.close(); } }, yes)));
        box.addEventListener('close', () => done(answer));
    });
}
