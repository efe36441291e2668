import { canvasEn } from './canvas.en.js';
import { canvasKo } from './canvas.ko.js';
import { en } from './en.js';
import { ko } from './ko.js';
export const languages = { en: 'English', ko: '한국어' };
const texts = { en: { ...en, ...canvasEn }, ko: { ...ko, ...canvasKo } };
const stored = 'darkroom.language';
function chosen() {
    const held = localStorage.getItem(stored);
    if (held === 'en' || held === 'ko')
        return held;
    return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}
export const language = chosen();
export function t(key, values = {}) {
    const text = texts[language][key] ?? texts.en[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
export const has = (key) => key in texts.en;
export function choose(next) {
    localStorage.setItem(stored, next);
    location.reload();
}
export function translate(root) {
    document.documentElement.lang = language;
    for (const element of root.querySelectorAll('[data-t]'))
        element.textContent = t(element.dataset.t ?? '');
    for (const element of root.querySelectorAll('[data-t-label]')) {
        element.setAttribute('aria-label', t(element.dataset.tLabel ?? ''));
        element.title = t(element.dataset.tLabel ?? '');
    }
    for (const element of root.querySelectorAll('[data-t-placeholder]'))
        element.setAttribute('placeholder', t(element.dataset.tPlaceholder ?? ''));
}
export function duration(seconds) {
    const whole = Math.max(1, Math.round(seconds));
    return whole < 90 ? t('time.seconds', { n: whole }) : t('time.minutes', { n: Math.round(whole / 60) });
}
