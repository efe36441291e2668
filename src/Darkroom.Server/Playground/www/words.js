import { call, Refused, Unreachable } from './api.js';
import { h } from './dom.js';
import { language, t } from './i18n/index.js';
let shown = '';
const maps = new Map();
function mapOf(kept, path) {
    if (shown !== kept.id) {
        for (const map of maps.values())
            void map.then(url => URL.revokeObjectURL(url), () => undefined);
        maps.clear();
        shown = kept.id;
    }
    let map = maps.get(path);
    if (!map) {
        map = call(path).then(answer => answer.blob()).then(blob => URL.createObjectURL(blob));
        maps.set(path, map);
        map.catch(() => maps.delete(path));
    }
    return map;
}
const shares = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });
export function wordsOf(kept, frame) {
    const words = kept.attributions ?? [];
    if (words.length === 0)
        return null;
    const map = h('img', { class: 'picture map', alt: '', width: kept.width, height: kept.height, hidden: true });
    map.classList.toggle('tiny', kept.width <= 128);
    frame.classList.add('explained');
    frame.append(map);
    const title = h('p', { class: 'hint', role: 'status' }, t('words.title'));
    let wanted = null;
    const show = async (word) => {
        wanted = word;
        words.forEach((one, i) => chips[i]?.setAttribute('aria-pressed', String(one === word)));
        if (!word) {
            map.hidden = true;
            document.removeEventListener('keydown', escape);
            return;
        }
        document.addEventListener('keydown', escape);
        try {
            const url = await mapOf(kept, word.url);
            if (wanted !== word)
                return;
            map.src = url;
            map.alt = t('words.map', { word: word.word });
            await map.decode().catch(() => undefined);
            if (wanted !== word)
                return;
            map.hidden = false;
            title.textContent = t('words.title');
        }
        catch (error) {
            if (!(error instanceof Refused || error instanceof Unreachable))
                throw error;
            const isGone = error instanceof Refused && (error.status === 404 || error.status === 410);
            title.textContent = isGone ? t('words.gone') : error instanceof Unreachable ? t('errors.unreachable') : error.message;
            leave(word);
        }
    };
    const escape = (event) => { if (event.key === 'Escape')
        void show(null); };
    const leave = (word) => { if (wanted === word)
        void show(null); };
    const chips = words.map(word => {
        let byMouse = false;
        const chip = h('button', {
            type: 'button', class: 'word', 'aria-pressed': 'false',
            onpointerenter: (event) => { if (event.pointerType === 'mouse')
                void show(word); },
            onpointerleave: (event) => { if (event.pointerType === 'mouse')
                leave(word); },
            onpointerdown: (event) => { byMouse = event.pointerType === 'mouse'; },
            onfocus: () => { if (chip.matches(':focus-visible'))
                void show(word); },
            onblur: () => leave(word),
            onclick: (event) => { if (!byMouse || event.detail === 0)
                void show(wanted === word ? null : word); },
        }, word.word, h('b', {}, shares.format(word.share)));
        chip.style.setProperty('--share', `${word.share * 100}%`);
        return chip;
    });
    return h('div', { class: 'words', role: 'group', 'aria-label': t('words.title') }, title, h('div', { class: 'words-row' }, ...chips));
}
