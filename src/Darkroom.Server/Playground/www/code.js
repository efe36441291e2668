import { dialog } from './dialogs.js';
import { h } from './dom.js';
import { t } from './i18n/index.js';
import { orderOf } from './request.js';
import { key } from './api.js';
import { writers } from './snippets.js';
let chosen = 'curl';
async function copyText(element) {
    if (navigator.clipboard)
        return navigator.clipboard.writeText(element.textContent ?? '');
    getSelection()?.selectAllChildren(element);
    document.execCommand('copy');
}
export async function showCode() {
    const order = orderOf();
    const snippet = { base: new URL('.', document.baseURI).href.replace(/\/$/, ''), order, hasKey: key.get() !== '' };
    const code = h('pre', { class: 'code', tabindex: '0', id: 'code-text', role: 'tabpanel' });
    const copy = h('button', { type: 'button', class: 'small-button', onclick: () => void copyText(code).then(() => {
            copy.textContent = t('code.copied');
            window.setTimeout(() => { copy.textContent = t('code.copy'); }, 1500);
        }) }, t('code.copy'));
    const tabs = Object.keys(writers).map(name => h('button', {
        type: 'button', role: 'tab', class: 'tab', id: `tab-${name}`, 'aria-controls': 'code-text', onclick: () => draw(name),
    }, writers[name].title));
    const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('code.title') }, ...tabs);
    list.addEventListener('keydown', event => {
        const names = Object.keys(writers);
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (step === 0)
            return;
        draw(names[(names.indexOf(chosen) + step + names.length) % names.length]);
        tabs[names.indexOf(chosen)]?.focus();
    });
    function draw(name) {
        chosen = name;
        tabs.forEach((tab, i) => {
            const own = Object.keys(writers)[i] === name;
            tab.setAttribute('aria-selected', String(own));
            tab.tabIndex = own ? 0 : -1;
        });
        code.setAttribute('aria-labelledby', `tab-${name}`);
        code.textContent = writers[name].write(snippet);
    }
    draw(chosen);
    dialog(t('code.title'), 'wide', h('p', { class: 'hint' }, t('code.text')), h('div', { class: 'code-head' }, list, copy), code);
}
