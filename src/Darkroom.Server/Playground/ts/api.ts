// Calls to the server the page came from. Addresses are relative, so that a proxy may serve the page under a path.
import type { ProblemDocument } from './wire.js';

const stored = 'darkroom.key';

export const key = {
  get: (): string => sessionStorage.getItem(stored) ?? localStorage.getItem(stored) ?? '',
  set(value: string, remember: boolean): void {
    this.clear();
    (remember ? localStorage : sessionStorage).setItem(stored, value);
  },
  clear(): void {
    sessionStorage.removeItem(stored);
    localStorage.removeItem(stored);
  },
  isRemembered: (): boolean => localStorage.getItem(stored) !== null,
};

/** The server refused or failed; `document` says what it told. */
export class Refused extends Error {
  constructor(readonly document: ProblemDocument, readonly retryAfter: number | null) {
    super(document.detail || document.title);
  }

  get status(): number { return this.document.status; }
}

/** The server was not reached. */
export class Unreachable extends Error {}

let askForKey: ((wrong: boolean) => Promise<boolean>) | null = null;

/** @param ask Asks the person for a key; false: they gave none. */
export function onUnauthorized(ask: (wrong: boolean) => Promise<boolean>): void { askForKey = ask; }

export const addressOf = (path: string): string => new URL(path.replace(/^\//, ''), document.baseURI).href;

/** Asks, and asks again with another key where the server wants one. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const sent = key.get();
    const answer = await send(path, init, sent);
    if (answer.status !== 401) {
      if (answer.ok) return answer;
      throw await refusal(answer);
    }
    // Another call may have been given a key meanwhile.
    if (key.get() !== sent) continue;
    if (!askForKey || !(await askForKey(sent !== ''))) throw await refusal(answer);
  }
}

async function send(path: string, init: RequestInit, sent: string): Promise<Response> {
  const headers = new Headers(init.headers);
  if (sent) headers.set('Authorization', `Bearer ${sent}`);
  try {
    return await fetch(addressOf(path), { ...init, headers, cache: init.cache ?? 'no-store', credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(String(error));
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const after = Number(answer.headers.get('Retry-After'));
  let document: ProblemDocument;
  try {
    document = await answer.json() as ProblemDocument;
  } catch {
    document = { type: 'about:blank', title: answer.statusText || String(answer.status), status: answer.status, detail: '' };
  }
  return new Refused({ ...document, status: answer.status }, Number.isFinite(after) && after > 0 ? after : null);
}

export async function json<T>(path: string, init: RequestInit = {}): Promise<T> {
  return await (await call(path, { ...init, headers: { Accept: 'application/json', ...init.headers } })).json() as T;
}

export const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<T> => json<T>(
  path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers }, ...(signal ? { signal } : {}) });
