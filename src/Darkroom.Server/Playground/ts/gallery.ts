// Finished pictures, newest first: those that the browser keeps, and those that the server still has.
import { json, Refused, Unreachable } from './api.js';
import { byId, h } from './dom.js';
import { t } from './i18n/index.js';
import { jobs, keptOf, type Run } from './jobs.js';
import { shelf, type Kept } from './shelf.js';
import { altOf, current, fileOf, show, urlOf } from './stage.js';
import type { Job } from './wire.js';

let pictures: Kept[] = [];
let next: string | null = null;
const firstPage = 'v1/jobs?status=succeeded&limit=50';
let deleted = new Set<string>();

let built = false;

/** Shows what is kept, and asks the server for what it has; again after another key was given. */
export async function buildGallery(): Promise<void> {
  deleted = await shelf.deleted();
  pictures = await shelf.all();
  draw();
  if (!built) {
    jobs.addEventListener('shown', draw);
    jobs.addEventListener('end', event => take((event as CustomEvent<Run>).detail.pictures));
  }
  built = true;
  await more(firstPage);
}

export const newest = (): Kept | null => pictures[0] ?? null;

function take(some: readonly Kept[]): void {
  for (const kept of some)
    if (!deleted.has(kept.id) && !pictures.some(one => one.id === kept.id)) pictures.push(kept);
  pictures.sort((a, b) => b.at - a.at);
  draw();
}

async function more(path: string): Promise<void> {
  try {
    const page = await json<{ data: Job[]; next?: string }>(path);
    next = page.next ?? null;
    take(page.data.flatMap(job => job.images.map(image => keptOf(job, image))));
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
  }
}

export function forgetInGallery(id: string): void {
  deleted.add(id);
  pictures = pictures.filter(one => one.id !== id);
  draw();
}

// A picture that only the server has is fetched when it comes into view.
const seen = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    const kept = pictures.find(one => one.id === (entry.target as HTMLElement).dataset.id);
    const image = entry.target.querySelector('img');
    if (kept && image) void fileOf(kept).then(file => { if (file) image.src = urlOf(kept) ?? ''; else entry.target.classList.add('gone'); });
  }
}, { rootMargin: '200px' });

const thumbs = new Map<string, HTMLButtonElement>();

function thumbOf(kept: Kept): HTMLButtonElement {
  let thumb = thumbs.get(kept.id);
  if (!thumb) {
    const url = urlOf(kept);
    thumb = h('button', { type: 'button', class: 'thumb', 'aria-label': `${altOf(kept)}, ${t('fact.seed')} ${kept.seed}`, onclick: () => show([kept]) },
      h('img', { alt: '', loading: 'lazy', ...(url ? { src: url } : {}) }));
    thumb.dataset.id = kept.id;
    if (!url) seen.observe(thumb);
    thumbs.set(kept.id, thumb);
  }
  thumb.setAttribute('aria-pressed', String(current()?.id === kept.id));
  return thumb;
}

function draw(): void {
  const gallery = byId('gallery');
  let list = gallery.querySelector<HTMLElement>('.thumbs');
  let foot = gallery.querySelector<HTMLElement>('.gallery-foot');
  if (!list || !foot) {
    list = h('div', { class: 'thumbs' });
    foot = h('div', { class: 'gallery-foot' });
    gallery.replaceChildren(h('h2', {}, t('gallery.title'), h('span', { class: 'count' })), list, foot);
  }
  const count = gallery.querySelector('.count');
  if (count) count.textContent = pictures.length ? String(pictures.length) : '';
  for (const id of thumbs.keys()) if (!pictures.some(one => one.id === id)) thumbs.delete(id);
  const elements = pictures.map(thumbOf);
  if (elements.length !== list.children.length || elements.some((one, i) => list.children[i] !== one)) list.replaceChildren(...elements);
  const older = next;
  foot.replaceChildren(...(pictures.length === 0 ? [h('p', { class: 'hint' }, t('gallery.empty'))]
    : older ? [h('button', {
      type: 'button', class: 'small-button', onclick: () => void more(`${firstPage}&after=${encodeURIComponent(older)}`),
    }, t('gallery.more'))] : []));
}
