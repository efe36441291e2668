// Server-sent events by fetch: EventSource can send no key. Reading goes on after the last event until the job is over.
import { call, Refused, Unreachable } from './api.js';
import { pause } from './dom.js';

export interface ServerEvent { id: string; name: string; data: string }

/** Splits a stream of text into events (WHATWG HTML, 9.2.6). */
export class EventParser {
  private rest = '';
  private id = '';

  read(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const blocks = (this.rest + text).replace(/\r\n?/g, '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let name = 'message';
      const data: string[] = [];
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':');
        if (colon === 0) continue; // a comment
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') name = value;
        else if (field === 'data') data.push(value);
        else if (field === 'id') this.id = value;
      }
      if (data.length > 0) events.push({ id: this.id, name, data: data.join('\n') });
    }
    return events;
  }
}

const ends = new Set(['succeeded', 'failed', 'cancelled', 'expired']);

/** How long a silent connection is believed to be one: the server sends a comment every 15 seconds. */
const silence = 40_000;

/**
 * Events of a job up to its end, over as many connections as it takes: a server that restarts goes on with its jobs.
 * @param lost Called with true when the server cannot be reached, and with false when it can again.
 * @param signal Ends the reading.
 * @throws Refused where the server no longer has the job, or nobody gives a key.
 */
export async function* follow(id: string, lost: (isLost: boolean) => void, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  let last = '';
  for (let failures = 0; !signal.aborted;) {
    const connection = new AbortController();
    const end = (): void => connection.abort();
    signal.addEventListener('abort', end);
    let quiet = 0;
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (last) headers['Last-Event-ID'] = last;
      const answer = await call(`v1/jobs/${id}/events`, { headers, signal: connection.signal });
      lost(false);
      failures = 0;
      if (answer.status === 204 || !answer.body) return; // it is over, and all of it was read
      const parser = new EventParser();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        quiet = window.setTimeout(end, silence);
        const { done, value } = await reader.read();
        window.clearTimeout(quiet);
        if (done) break;
        for (const event of parser.read(value)) {
          if (event.id) last = event.id;
          yield event;
          if (ends.has(event.name)) return;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      const passes = error instanceof Unreachable || !(error instanceof Refused) || error.status === 429 || error.status >= 500;
      if (!passes) throw error;
      lost(true);
    } finally {
      window.clearTimeout(quiet);
      signal.removeEventListener('abort', end);
      connection.abort();
    }
    await pause(Math.min(4000, 250 * 2 ** failures++));
  }
}
