// Texts by key in the language of the reader; those of the drawing components stand in files of their own.
import { canvasEn } from './canvas.en.js';
import { canvasKo } from './canvas.ko.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type Language = 'en' | 'ko';
export const languages: Record<Language, string> = { en: 'English', ko: '한국어' };

const texts: Record<Language, Record<string, string>> = { en: { ...en, ...canvasEn }, ko: { ...ko, ...canvasKo } };
const stored = 'darkroom.language';

function chosen(): Language {
  const held = localStorage.getItem(stored);
  if (held === 'en' || held === 'ko') return held;
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export const language: Language = chosen();

/** The text of a key, with `{name}` replaced; the key itself where there is none. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = texts[language][key] ?? texts.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export const has = (key: string): boolean => key in texts.en;

/** Reads the page again in another language: what was filled in and what runs is kept. */
export function choose(next: Language): void {
  localStorage.setItem(stored, next);
  location.reload();
}

/** Texts of the page's own elements: `data-t` for what stands in them, `data-t-label` for what they are called. */
export function translate(root: ParentNode): void {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll<HTMLElement>('[data-t]')) element.textContent = t(element.dataset.t ?? '');
  for (const element of root.querySelectorAll<HTMLElement>('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel ?? ''));
    element.title = t(element.dataset.tLabel ?? '');
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-t-placeholder]'))
    element.setAttribute('placeholder', t(element.dataset.tPlaceholder ?? ''));
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 90 ? t('time.seconds', { n: whole }) : t('time.minutes', { n: Math.round(whole / 60) });
}
