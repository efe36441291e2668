// A picture dropped on the page: its file may say how it was made, and it can be worked on.
import { call, Refused, Unreachable } from './api.js';
import { dialog } from './dialogs.js';
import { byId, h } from './dom.js';
import { factList, sentencesOf } from './form.js';
import { t } from './i18n/index.js';
import { useValues } from './request.js';
import { tell } from './stage.js';
import { state } from './state.js';
import { Verifier } from './verify.js';
import type { PictureInfo, Task } from './wire.js';

export function buildDrop(): void {
  const veil = byId('drop');
  const holds = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  let depth = 0;
  const leave = (): void => { depth = 0; veil.hidden = true; };
  document.addEventListener('dragenter', event => { if (holds(event)) { depth++; veil.hidden = false; } });
  document.addEventListener('dragleave', () => { if (--depth <= 0) leave(); });
  document.addEventListener('dragover', event => { if (holds(event)) event.preventDefault(); });
  document.addEventListener('drop', event => {
    leave();
    const file = event.dataTransfer?.files[0];
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    if (file.type.startsWith('image/')) void offer(file);
    else tell(t('drop.no-picture'));
  });
  document.addEventListener('paste', event => {
    const file = [...event.clipboardData?.files ?? []].find(one => one.type.startsWith('image/'));
    if (file) void offer(file);
  });
}

/** Says what the file holds, and what can be done with it. */
export async function offer(file: Blob): Promise<void> {
  let info: PictureInfo | null = null;
  try {
    const form = new FormData();
    form.append('image', file, 'picture');
    info = await (await call('v1/png-info', { method: 'POST', body: form })).json() as PictureInfo;
  } catch (error) {
    if (error instanceof Unreachable) return tell(t('errors.unreachable'));
    if (!(error instanceof Refused)) throw error;
    return tell(error.message);
  }
  const url = URL.createObjectURL(file);
  const request = info.request;
  const use = (task: Task) => (): void => {
    state.setTask(task);
    state.setPicture('mask', null);
    state.setPicture('image', file);
    box.close();
  };
  const button = (text: string, action: () => void, look = ''): HTMLElement =>
    h('button', { type: 'button', class: `small-button ${look}`, onclick: action }, text);
  const verifier = request ? new Verifier(file) : null;
  const box = dialog(t('drop.title'), 'wide', h('div', { class: 'offer' },
    h('img', { src: url, alt: t('slot.image'), class: 'offer-picture' }),
    h('div', {},
      h('p', {}, request ? t('drop.found', { tool: info.tool ?? t('drop.some-tool') }) : t('drop.nothing')),
      request ? factList(sentencesOf(request.fields)) : null,
      request && request.missing.length > 0 ? h('p', { class: 'message note' }, request.missing.join(' ')) : null,
      h('div', { class: 'dialog-buttons wrap' },
        request ? button(t('drop.use'), () => {
          const task = request.address.replace('/v1/', '') as Task;
          useValues(task, request.fields);
          box.close();
        }, 'filled') : null,
        verifier?.button ?? null,
        ...(['img2img', 'inpaint', 'outpaint', 'upscale'] as const).map(task => button(t(`task.${task}`), use(task)))),
      verifier?.outcome ?? null)));
  box.addEventListener('close', () => {
    URL.revokeObjectURL(url);
    verifier?.leave();
  });
}
