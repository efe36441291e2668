// Which word drew what: chips below a picture, each of which lays the map of its word over it.
import { call, Refused, Unreachable } from './api.js';
import { h } from './dom.js';
import { language, t } from './i18n/index.js';
import type { Kept } from './shelf.js';
import type { Attribution } from './wire.js';

// Of the picture that is shown: maps are as large as it is, and there may be many.
let shown = '';
const maps = new Map<string, Promise<string>>();

/** The address of a blob, as long as this picture is shown. */
function mapOf(kept: Kept, path: string): Promise<string> {
  if (shown !== kept.id) {
    for (const map of maps.values()) void map.then(url => URL.revokeObjectURL(url), () => undefined);
    maps.clear();
    shown = kept.id;
  }
  let map = maps.get(path);
  if (!map) {
    map = call(path).then(answer => answer.blob()).then(blob => URL.createObjectURL(blob));
    maps.set(path, map);
    map.catch(() => maps.delete(path)); // asked for again the next time
  }
  return map;
}

// Two digits tell words apart that have little.
const shares = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });

/** @param frame Holds the picture; its maps are laid over it there. Null where nobody asked for words. */
export function wordsOf(kept: Kept, frame: HTMLElement): HTMLElement | null {
  const words = kept.attributions ?? [];
  if (words.length === 0) return null;
  // Like the picture itself, and so of its size: nothing moves when it comes.
  const map = h('img', { class: 'picture map', alt: '', width: kept.width, height: kept.height, hidden: true });
  map.classList.toggle('tiny', kept.width <= 128);
  frame.classList.add('explained');
  frame.append(map);

  const title = h('p', { class: 'hint', role: 'status' }, t('words.title'));
  let wanted: Attribution | null = null;

  const show = async (word: Attribution | null): Promise<void> => {
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
      if (wanted !== word) return;
      map.src = url;
      map.alt = t('words.map', { word: word.word });
      await map.decode().catch(() => undefined); // the next word's was asked for meanwhile
      if (wanted !== word) return;
      map.hidden = false;
      title.textContent = t('words.title');
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      const isGone = error instanceof Refused && (error.status === 404 || error.status === 410);
      title.textContent = isGone ? t('words.gone') : error instanceof Unreachable ? t('errors.unreachable') : error.message;
      leave(word);
    }
  };
  const escape = (event: KeyboardEvent): void => { if (event.key === 'Escape') void show(null); };
  const leave = (word: Attribution): void => { if (wanted === word) void show(null); };

  const chips = words.map(word => {
    let byMouse = false;
    const chip = h('button', {
      type: 'button', class: 'word', 'aria-pressed': 'false',
      onpointerenter: (event: PointerEvent) => { if (event.pointerType === 'mouse') void show(word); },
      onpointerleave: (event: PointerEvent) => { if (event.pointerType === 'mouse') leave(word); },
      onpointerdown: (event: PointerEvent) => { byMouse = event.pointerType === 'mouse'; },
      onfocus: () => { if (chip.matches(':focus-visible')) void show(word); },
      onblur: () => leave(word),
      // A finger or a key; under a mouse the map is there already.
      onclick: (event: MouseEvent) => { if (!byMouse || event.detail === 0) void show(wanted === word ? null : word); },
    }, word.word, h('b', {}, shares.format(word.share)));
    chip.style.setProperty('--share', `${word.share * 100}%`);
    return chip;
  });
  return h('div', { class: 'words', role: 'group', 'aria-label': t('words.title') }, title, h('div', { class: 'words-row' }, ...chips));
}
