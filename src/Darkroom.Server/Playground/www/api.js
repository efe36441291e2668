const stored = 'darkroom.key';
export const key = {
    get: () => sessionStorage.getItem(stored) ?? localStorage.getItem(stored) ?? '',
    set(value, remember) {
        this.clear();
        (remember ? localStorage : sessionStorage).setItem(stored, value);
    },
    clear() {
        sessionStorage.removeItem(stored);
        localStorage.removeItem(stored);
    },
    isRemembered: () => localStorage.getItem(stored) !== null,
};
export class Refused extends Error {
    document;
    retryAfter;
    constructor(document, retryAfter) {
        super(document.detail || document.title);
        this.document = document;
        this.retryAfter = retryAfter;
    }
    get status() { return this.document.status; }
}
export class Unreachable extends Error {
}
let askForKey = null;
export function onUnauthorized(ask) { askForKey = ask; }
export const addressOf = (path) => new URL(path.replace(/^\//, ''), document.baseURI).href;
export async function call(path, init = {}) {
    for (;;) {
        const sent = key.get();
        const answer = await send(path, init, sent);
        if (answer.status !== 401) {
            if (answer.ok)
                return answer;
            throw await refusal(answer);
        }
        if (key.get() !== sent)
            continue;
        if (!askForKey || !(await askForKey(sent !== '')))
            throw await refusal(answer);
    }
}
async function send(path, init, sent) {
    const headers = new Headers(init.headers);
    if (sent)
        headers.set('Authorization', `Bearer ${sent}`);
    try {
        return await fetch(addressOf(path), { ...init, headers, cache: init.cache ?? 'no-store', credentials: 'same-origin' });
    }
    catch (error) {
        if (init.signal?.aborted)
            throw error;
        throw new Unreachable(String(error));
    }
}
async function refusal(answer) {
    const after = Number(answer.headers.get('Retry-After'));
    let document;
    try {
        document = await answer.json();
    }
    catch {
        document = { type: 'about:blank', title: answer.statusText || String(answer.status), status: answer.status, detail: '' };
    }
    return new Refused({ ...document, status: answer.status }, Number.isFinite(after) && after > 0 ? after : null);
}
export async function json(path, init = {}) {
    return await (await call(path, { ...init, headers: { Accept: 'application/json', ...init.headers } })).json();
}
export const post = (path, body, headers = {}, signal) => json(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers }, ...(signal ? { signal } : {}) });
