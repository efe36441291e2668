import { byId, icon } from './dom.js';
const stored = 'darkroom.theme';
export function buildTheme() {
    const root = document.documentElement;
    const system = matchMedia('(prefers-color-scheme: dark)');
    const button = byId('theme');
    const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
    const draw = () => button.replaceChildren(icon(isDark() ? 'sun' : 'moon'));
    const held = localStorage.getItem(stored);
    if (held === 'dark' || held === 'light')
        root.dataset.theme = held;
    button.addEventListener('click', () => {
        const next = isDark() ? 'light' : 'dark';
        if ((next === 'dark') === system.matches) {
            delete root.dataset.theme;
            localStorage.removeItem(stored);
        }
        else {
            root.dataset.theme = next;
            localStorage.setItem(stored, next);
        }
        draw();
    });
    system.addEventListener('change', draw);
    draw();
}
