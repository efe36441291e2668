import { call, json, post, Refused, Unreachable } from './api.js';
import { pause } from './dom.js';
import { follow } from './events.js';
import { bodyOf } from './request.js';
import { sent, shelf } from './shelf.js';
import { isOver } from './wire.js';
const stored = 'darkroom.jobs';
class Jobs extends EventTarget {
    runs = [];
    stop = new AbortController();
    changed(run, kind = 'change') {
        this.dispatchEvent(new CustomEvent(kind, { detail: run }));
    }
    async start(order) {
        const body = await bodyOf(order);
        const headers = { Prefer: 'respond-async', 'Idempotency-Key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
        let job = null;
        for (let tries = 0; job === null; tries++) {
            try {
                job = await post(`v1/${order.task}`, body, headers);
            }
            catch (error) {
                if (!(error instanceof Unreachable) || tries >= 3)
                    throw error;
                await pause(500 * 2 ** tries);
            }
        }
        await sent.put(job.id, { ...(order.pictures.image ? { image: order.pictures.image } : {}), ...(order.pictures.mask ? { mask: order.pictures.mask } : {}) });
        return this.add(job);
    }
    resume() {
        for (const id of this.held())
            void this.find(id);
    }
    async find(id) {
        for (let tries = 0;; tries++) {
            try {
                this.add(await json(`v1/jobs/${id}`));
                return;
            }
            catch (error) {
                if (error instanceof Refused && error.status === 404)
                    this.forget(id);
                if (!(error instanceof Unreachable))
                    return;
                await pause(Math.min(4000, 500 * 2 ** tries));
            }
        }
    }
    add(job) {
        const known = this.runs.find(run => run.id === job.id);
        if (known)
            return known;
        const run = {
            id: job.id, task: job.task, count: Number(job.parameters.count ?? 1), status: job.status, progress: { ...job.progress }, previews: new Map(),
            isLost: false, isCancelling: false, pictures: [], problem: null, warnings: [],
        };
        this.runs.push(run);
        this.hold([...this.held(), job.id]);
        this.changed(run, 'start');
        void this.watch(run);
        return run;
    }
    async keepPlace(run) {
        while (run.status === 'queued' && this.runs.includes(run)) {
            await pause(2000);
            if (run.status !== 'queued' || run.isLost)
                continue;
            const job = await json(`v1/jobs/${run.id}`).catch(() => null);
            if (job?.status !== 'queued')
                continue;
            run.progress = { ...job.progress };
            this.changed(run);
        }
    }
    async watch(run) {
        if (run.status === 'queued')
            void this.keepPlace(run);
        try {
            const lost = (isLost) => {
                if (run.isLost === isLost)
                    return;
                run.isLost = isLost;
                this.changed(run);
            };
            for await (const event of follow(run.id, lost, this.stop.signal)) {
                const data = JSON.parse(event.data);
                if (event.name === 'progress')
                    run.progress = { ...run.progress, position: undefined, ...data };
                else if (event.name === 'queued')
                    [run.status, run.progress] = ['queued', { ...run.progress, ...data }];
                else if (event.name === 'started')
                    [run.status, run.progress] = ['running', { ...run.progress, position: undefined, eta: data.eta }];
                else if (event.name === 'preview')
                    run.previews.set(Number(data.index), data);
                this.changed(run);
            }
            if (this.stop.signal.aborted)
                return;
            await this.end(run, await json(`v1/jobs/${run.id}`));
        }
        catch (error) {
            if (error instanceof Refused) {
                run.problem = error.document;
                run.status = 'failed';
                if (error.status === 404)
                    this.forget(run.id);
            }
            else if (error instanceof Unreachable) {
                await pause(1000);
                void this.watch(run);
                return;
            }
            else
                throw error;
            this.remove(run);
        }
    }
    async end(run, job) {
        if (!isOver(job.status))
            return void this.watch(run);
        run.isLost = false;
        const pictures = await sent.get(run.id) ?? {};
        run.warnings = job.warnings;
        run.problem = job.problem ?? null;
        run.pictures = await Promise.all(job.images.map(async (image) => {
            const kept = { ...keptOf(job, image), ...pictures };
            try {
                kept.file = await (await call(image.url)).blob();
            }
            catch (error) {
                if (!(error instanceof Refused) && !(error instanceof Unreachable))
                    throw error;
            }
            await shelf.put(kept);
            return kept;
        }));
        run.status = job.status;
        this.forget(run.id);
        await sent.delete(run.id);
        this.remove(run);
    }
    remove(run) {
        const at = this.runs.indexOf(run);
        if (at >= 0)
            this.runs.splice(at, 1);
        this.changed(run, 'end');
    }
    async cancel(run) {
        run.isCancelling = true;
        this.changed(run);
        try {
            await json(`v1/jobs/${run.id}`, { method: 'DELETE' });
        }
        catch (error) {
            run.isCancelling = false;
            this.changed(run);
            if (!(error instanceof Refused) && !(error instanceof Unreachable))
                throw error;
        }
    }
    held() {
        try {
            const ids = JSON.parse(localStorage.getItem(stored) ?? '[]');
            return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string' && /^\w+$/.test(id)) : [];
        }
        catch {
            return [];
        }
    }
    hold(ids) { localStorage.setItem(stored, JSON.stringify([...new Set(ids)].slice(-50))); }
    forget(id) { this.hold(this.held().filter(one => one !== id)); }
}
export function keptOf(job, image) {
    return {
        id: `${job.id}/${image.index}`, job: job.id, index: image.index, task: job.task, model: job.model, seed: image.seed,
        width: image.width, height: image.height, format: image.format, at: Date.parse(job.finished_at ?? job.created_at) - image.index,
        parameters: job.parameters, warnings: job.warnings, url: image.url,
        ...(job.timings ? { milliseconds: job.timings.total_ms } : {}),
        ...(image.attributions ? { attributions: image.attributions } : {}),
    };
}
export const jobs = new Jobs();
