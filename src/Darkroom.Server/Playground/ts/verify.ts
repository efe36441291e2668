// Whether a picture is what its file says: the server makes it again, and compares the two.
import { call, Refused, Unreachable } from './api.js';
import { h } from './dom.js';
import { t } from './i18n/index.js';
import type { Verification } from './wire.js';

/** A button, and what it found below it. The place that it goes into is left before it is done: then the server stops. */
export class Verifier {
  readonly button = h('button', { type: 'button', class: 'small-button', title: t('verify.title'), onclick: () => void this.run() }, t('verify.ask'));
  readonly outcome = h('div', { class: 'verified', role: 'status' });
  readonly #leaving = new AbortController();
  #url = '';

  constructor(readonly file: Blob) {}

  leave(): void {
    this.#leaving.abort();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  async run(): Promise<void> {
    this.button.toggleAttribute('disabled', true);
    this.outcome.replaceChildren(h('p', { class: 'message note' }, t('verify.running')));
    try {
      const form = new FormData();
      form.append('image', this.file, 'picture');
      await this.#show(await (await call('v1/verify', { method: 'POST', body: form, signal: this.#leaving.signal })).json() as Verification);
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      this.outcome.replaceChildren(h('p', { class: 'message error' }, error instanceof Unreachable ? t('errors.unreachable') : faultsOf(error)));
    } finally {
      this.button.toggleAttribute('disabled', false);
    }
  }

  async #show(found: Verification): Promise<void> {
    const { model, same } = found;
    const share = (Math.floor(10000 * found.equal_values) / 100).toString();
    const text = same ? t('verify.same', { model })
      : found.largest_difference === undefined ? t('verify.size', { model })
      : t('verify.differs', { model, share, largest: String(found.largest_difference) });
    this.outcome.replaceChildren(
      h('p', { class: `message ${same ? '' : 'error'}` }, text),
      ...[...found.model_hash_matches === false ? [t('verify.other-model')] : [], ...found.warnings].map(line => h('p', { class: 'message note' }, line)));
    if (!same) await this.#showPicture(found.image.url);
  }

  async #showPicture(path: string): Promise<void> {
    const blob = await (await call(path, { signal: this.#leaving.signal })).blob();
    if (this.#leaving.signal.aborted) return;
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    this.outcome.append(h('img', { src: this.#url, alt: t('verify.again'), class: 'offer-picture' }));
  }
}

const faultsOf = (refused: Refused): string =>
  refused.document.errors && refused.document.errors.length > 0 ? refused.document.errors.map(one => one.message).join(' ') : refused.message;
