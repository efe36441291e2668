import { call, Refused, Unreachable } from './api.js';
import { pause } from './dom.js';
export class EventParser {
    rest = '';
    id = '';
    read(text) {
        const events = [];
        const blocks = (this.rest + text).replace(/\r\n?/g, '\n').split('\n\n');
        this.rest = blocks.pop() ?? '';
        for (const block of blocks) {
            let name = 'message';
            const data = [];
            for (const line of block.split('\n')) {
                const colon = line.indexOf(':');
                if (colon === 0)
                    continue;
                const field = colon < 0 ? line : line.slice(0, colon);
                const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
                if (field === 'event')
                    name = value;
                else if (field === 'data')
                    data.push(value);
                else if (field === 'id')
                    this.id = value;
            }
            if (data.length > 0)
                events.push({ id: this.id, name, data: data.join('\n') });
        }
        return events;
    }
}
const ends = new Set(['succeeded', 'failed', 'cancelled', 'expired']);
const silence = 40_000;
export async function* follow(id, lost, signal) {
    let last = '';
    for (let failures = 0; !signal.aborted;) {
        const connection = new AbortController();
        const end = () => connection.abort();
        signal.addEventListener('abort', end);
        let quiet = 0;
        try {
            const headers = { Accept: 'text/event-stream' };
            if (last)
                headers['Last-Event-ID'] = last;
            const answer = await call(`v1/jobs/${id}/events`, { headers, signal: connection.signal });
            lost(false);
            failures = 0;
            if (answer.status === 204 || !answer.body)
                return;
            const parser = new EventParser();
            const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
            for (;;) {
                quiet = window.setTimeout(end, silence);
                const { done, value } = await reader.read();
                window.clearTimeout(quiet);
                if (done)
                    break;
                for (const event of parser.read(value)) {
                    if (event.id)
                        last = event.id;
                    yield event;
                    if (ends.has(event.name))
                        return;
                }
            }
        }
        catch (error) {
            if (signal.aborted)
                return;
            const passes = error instanceof Unreachable || !(error instanceof Refused) || error.status === 429 || error.status >= 500;
            if (!passes)
                throw error;
            lost(true);
        }
        finally {
            window.clearTimeout(quiet);
            signal.removeEventListener('abort', end);
            connection.abort();
        }
        await pause(Math.min(4000, 250 * 2 ** failures++));
    }
}
