// Where a picture is prepared: the mask of inpainting, the frame of outpainting. It takes the stage's place until something is made.
import { byId, h, settled } from './dom.js';
import { t } from './i18n/index.js';
import { jobs } from './jobs.js';
import { MaskEditor } from './mask-editor.js';
import { OutpaintFrame } from './outpaint-frame.js';
import { state } from './state.js';

const sides = { left: 'left', right: 'right', top: 'up', bottom: 'down' } as const;
type Side = keyof typeof sides;

let mask: MaskEditor | null = null;
let frame: OutpaintFrame | null = null;
let maskHost: HTMLElement, frameHost: HTMLElement;
let picture: Blob | undefined; // that both show
let ownMask: Blob | undefined; // that the editor gave
let writing: Promise<void> = Promise.resolve();

export type View = 'edit' | 'result';
let view: View = 'edit';

const isEditing = (): boolean => (state.task === 'inpaint' || state.task === 'outpaint') && state.pictures.image !== undefined;

export function look(next: View): void {
  view = next;
  draw();
}

function draw(): void {
  const editing = isEditing();
  byId('views').hidden = !editing;
  byId('workspace').hidden = !editing || view !== 'edit';
  byId('result').hidden = editing && view === 'edit';
  maskHost.hidden = state.task !== 'inpaint';
  frameHost.hidden = state.task !== 'outpaint';
  for (const input of byId('views').querySelectorAll<HTMLInputElement>('input')) input.checked = input.value === view;
}

function errors(...names: string[]): HTMLElement[] {
  return names.map(name => h('p', { class: 'error', id: `${name}-error` }));
}

export function buildWorkspace(): void {
  for (const one of ['edit', 'result'] as const) {
    const input = h('input', { type: 'radio', name: 'view', id: `view-${one}`, value: one });
    input.addEventListener('change', () => look(one));
    byId('views').append(input, h('label', { for: `view-${one}` }, t(`view.${one}`)));
  }
  maskHost = h('div', { 'data-field': 'mask' }, ...errors('mask'));
  frameHost = h('div', { 'data-field': 'left right up down' }, ...errors('left', 'right', 'up', 'down'));
  byId('workspace').append(maskHost, frameHost);
  mask = new MaskEditor(maskHost, t);
  frame = new OutpaintFrame(frameHost, t);
  const keep = settled(200, () => { writing = keepMask(); });
  mask.onchange = () => { if (!loading) keep(); };
  frame.onchange = () => {
    const { edges } = frame!;
    giving = true; // one side after another: the state is whole after the last
    for (const side of Object.keys(sides) as Side[]) state.set(sides[side], edges[side] || undefined);
    giving = false;
  };
  state.addEventListener('task', () => look('edit'));
  state.addEventListener('picture', event => {
    if ((event as CustomEvent<string>).detail === 'image') look('edit');
    void show();
  });
  state.addEventListener('any', showEdges);
  jobs.addEventListener('start', () => look('result'));
  draw();
  void show();
}

let giving = false;

function showEdges(): void {
  if (!frame || giving) return;
  const { edges } = frame;
  const wanted = Object.fromEntries((Object.keys(sides) as Side[]).map(side => [side, Number(state.values[sides[side]] ?? 0)])) as Record<Side, number>;
  if ((Object.keys(sides) as Side[]).some(side => wanted[side] !== edges[side])) frame.edges = wanted;
}

let loading = false;
let turn = 0;

async function show(): Promise<void> {
  const mine = ++turn;
  const { image, mask: wanted } = state.pictures;
  if (image && image !== picture) {
    const bitmap = await decode(image);
    if (mine !== turn) return;
    picture = image;
    ownMask = undefined;
    loading = true;
    if (bitmap) {
      mask?.setPicture(bitmap);
      frame?.setPicture(bitmap);
    }
    loading = false;
    showEdges();
  }
  if (wanted !== ownMask && image) {
    const bitmap = wanted ? await decode(wanted) : null;
    if (mine !== turn) return;
    ownMask = wanted;
    loading = true;
    if (bitmap) mask?.setMask(bitmap);
    else if (mask?.hasMask) mask.clear();
    loading = false;
  }
  draw();
}

// A file that is none is the server's to refuse.
const decode = (file: Blob): Promise<ImageBitmap | null> => createImageBitmap(file).catch(() => null);

async function keepMask(): Promise<void> {
  if (!mask) return;
  ownMask = mask.hasMask ? await mask.toBlob() : undefined;
  state.setPicture('mask', ownMask ?? null);
}

/** Has the mask in the state, as it was painted last. */
export async function flush(): Promise<void> {
  await writing;
  if (state.task === 'inpaint' && mask && picture) await keepMask();
}
