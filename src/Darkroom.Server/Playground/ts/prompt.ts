// The prompt with how many tokens it has and how its weights are read. The server's own tokenizer and grammar say so.
import { post } from './api.js';
import { byId, h, settled } from './dom.js';
import { t } from './i18n/index.js';
import { jobs } from './jobs.js';
import { server } from './server.js';
import { state } from './state.js';
import type { Values } from './wire.js';

interface Piece { text: string; weight: number; ends_chunk: boolean }
interface Range { last_step: number; pieces: Piece[] }
interface Part { weight: number; ranges: Range[] }
interface Reading { encoders?: { tokens: number; chunk_tokens: number; chunks: number; dropped?: string }[]; parts: Part[]; loras: string[] }
interface TokensAnswer { prompt?: Reading; negative_prompt?: Reading }

function grow(area: HTMLTextAreaElement): void {
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight + 2, 320)}px`;
}

export function buildPrompt(): void {
  const prompt = byId<HTMLTextAreaElement>('prompt');
  const negative = byId<HTMLTextAreaElement>('negative_prompt');
  for (const area of [prompt, negative]) {
    const name = area.id;
    area.setAttribute('aria-describedby', name === 'prompt' ? 'tokens prompt-error' : 'negative-tokens negative_prompt-error');
    area.addEventListener('input', () => { state.set(name, area.value || undefined); grow(area); });
    area.addEventListener('keydown', event => weigh(event, area));
    const draw = (): void => {
      const value = String(state.values[name] ?? '');
      if (area.value !== value) area.value = value;
      grow(area);
    };
    state.addEventListener('any', draw);
    draw();
  }
  const count = settled(250, () => void read());
  state.addEventListener('value', event => {
    if (['prompt', 'negative_prompt', 'model', 'prompt_style', 'steps'].includes((event as CustomEvent<string>).detail)) count();
  });
  state.addEventListener('all', count);
  server.addEventListener('read', count);
  // The model of a first job is opened by it, and tokens can be counted from then on.
  jobs.addEventListener('end', count);
}

let turns = 0;

async function read(): Promise<void> {
  const turn = ++turns;
  const given: Values = {};
  for (const name of ['prompt', 'negative_prompt', 'model', 'prompt_style', 'steps']) if (state.values[name]) given[name] = state.values[name];
  let answer: TokensAnswer = {};
  if (given.prompt || given.negative_prompt) {
    try {
      answer = await post<TokensAnswer>('v1/tokens', given);
    } catch {
      // The count is a help; the request itself says what is wrong.
    }
  }
  if (turn !== turns) return; // a newer one is on its way
  show(answer.prompt, byId('tokens'));
  show(answer.negative_prompt, byId('negative-tokens'));
  draw(byId('pieces'), answer.prompt);
}

function show(reading: Reading | undefined, hint: HTMLElement): void {
  // Of several encoders the one that is fullest.
  const encoder = reading?.encoders?.slice().sort((a, b) => b.tokens / b.chunk_tokens - a.tokens / a.chunk_tokens)[0];
  hint.textContent = encoder ? t('tokens.of', { n: encoder.tokens, limit: encoder.chunk_tokens * encoder.chunks }) : '';
  hint.classList.toggle('over', Boolean(encoder?.dropped));
  hint.title = encoder?.dropped ? t('tokens.dropped', { text: encoder.dropped }) : '';
}

const plain = (weight: number): boolean => Math.abs(weight - 1) < 0.001;
const weightText = (weight: number): string => `×${Number(weight.toFixed(2))}`;

/** Ranges of steps that are shown; alternatives that change at every step have very many. */
const shownRanges = 4;

const isPlain = ({ parts, loras }: Reading): boolean => loras.length === 0 && parts.length === 1 && plain(parts[0]!.weight) && parts[0]!.ranges.length === 1
  && parts[0]!.ranges[0]!.pieces.every(piece => plain(piece.weight) && !piece.ends_chunk);

/** The pieces as they are read; nothing where the text is plain. */
function draw(host: HTMLElement, reading: Reading | undefined): void {
  host.hidden = !reading || isPlain(reading);
  if (!reading || host.hidden) return;
  const chips: HTMLElement[] = [];
  const joint = (text: string): void => { chips.push(h('span', { class: 'chip joint' }, text)); };
  reading.parts.forEach((part, i) => {
    if (i > 0 || !plain(part.weight)) joint(`${i > 0 ? 'AND ' : ''}${plain(part.weight) ? '' : weightText(part.weight)}`.trim());
    let from = 1;
    for (const range of part.ranges.slice(0, shownRanges)) {
      if (part.ranges.length > 1) joint(t('tokens.steps', { from, to: range.last_step }));
      from = range.last_step + 1;
      for (const piece of range.pieces) chips.push(...chipOf(piece));
    }
    if (part.ranges.length > shownRanges) joint('…');
  });
  for (const lora of reading.loras) joint(`LoRA ${lora}`);
  host.replaceChildren(...chips);
}

function chipOf(piece: Piece): HTMLElement[] {
  if (piece.ends_chunk) return [h('span', { class: 'chip joint' }, 'BREAK')];
  const text = piece.text.trim().replace(/^,\s*|\s*,$/g, '');
  if (!text) return [];
  const look = plain(piece.weight) ? '' : piece.weight > 1 ? 'more' : 'less';
  return [h('span', { class: `chip ${look}` }, text, plain(piece.weight) ? null : h('b', {}, weightText(piece.weight)))];
}

/** Ctrl and an arrow change the weight of what is selected, as in A1111's page. */
function weigh(event: KeyboardEvent, area: HTMLTextAreaElement): void {
  if (!(event.ctrlKey || event.metaKey) || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
  let { selectionStart: start, selectionEnd: end } = area;
  const text = area.value;
  if (start === end) {
    while (start > 0 && /[^\s,()]/.test(text[start - 1]!)) start--;
    while (end < text.length && /[^\s,():]/.test(text[end]!)) end++;
  }
  if (start === end) return;
  event.preventDefault();
  let inner = text.slice(start, end);
  let weight = 1;
  const around = /^:([\d.]+)\)/.exec(text.slice(end));
  if (text[start - 1] === '(' && around) {
    weight = Number(around[1]);
    start--;
    end += around[0].length;
  }
  weight = Math.round((weight + (event.key === 'ArrowUp' ? 0.1 : -0.1)) * 100) / 100;
  inner = Math.abs(weight - 1) < 0.001 ? inner : `(${inner}:${weight})`;
  area.setRangeText(inner, start, end, 'select');
  if (inner.startsWith('(')) area.setSelectionRange(area.selectionStart + 1, area.selectionEnd - `:${weight})`.length);
  area.dispatchEvent(new Event('input'));
}
