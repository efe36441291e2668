import { key } from './api.js';
import { dialog } from './dialogs.js';
import { h } from './dom.js';
import { t } from './i18n/index.js';
let open = null;
export function askForKey(wrong) {
    open ??= ask(wrong).finally(() => { open = null; });
    return open;
}
function ask(wrong) {
    return new Promise(done => {
        let given = false;
        const input = h('input', { type: 'password', id: 'key-input', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'key-error' });
        const error = h('p', { class: 'error', id: 'key-error', role: 'alert' }, wrong ? t('key.wrong') : '');
        if (wrong)
            input.setAttribute('aria-invalid', 'true');
        const remember = h('input', { type: 'checkbox', id: 'key-remember' });
        remember.checked = key.isRemembered();
        const form = h('form', { class: 'key-form', novalidate: true }, h('p', {}, t('key.text')), h('div', { class: 'field' }, h('label', { for: 'key-input' }, t('key.label')), input, error), h('label', { class: 'check' }, remember, h('span', {}, t('key.remember'))), h('div', { class: 'dialog-buttons' }, h('button', { type: 'button', class: 'small-button', onclick: () => { key.clear(); box.close(); } }, t('key.remove')), h('button', { type: 'submit', class: 'small-button filled' }, t('key.use'))));
        form.addEventListener('submit', event => {
            event.preventDefault();
            const value = input.value.trim();
            if (!/^[\x21-\x7e]+$/.test(value)) {
                error.textContent = t('key.empty');
                return;
            }
            key.set(value, remember.checked);
            given = true;
            box.close();
        });
        const box = dialog(t('key.title'), 'narrow', form);
        box.addEventListener('close', () => done(given));
        input.focus();
    });
}
