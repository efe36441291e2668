// Jobs of this page: sent, followed to their end, and found again after a reload.
import { call, json, post, Refused, Unreachable } from './api.js';
import { pause } from './dom.js';
import { follow } from './events.js';
import { bodyOf, type Order } from './request.js';
import { sent, shelf, type Kept } from './shelf.js';
import { isOver, type ImageEntry, type Job, type Preview, type ProblemDocument, type Progress, type Task, type Values } from './wire.js';

const stored = 'darkroom.jobs';

/** A job that runs, as the page shows it. */
export interface Run {
  id: string;
  task: Task;
  count: number;
  status: Job['status'] | 'sending';
  progress: Partial<Progress>;
  previews: Map<number, Preview>;
  isLost: boolean;
  isCancelling: boolean;
  pictures: Kept[];
  problem: ProblemDocument | null;
  warnings: string[];
}

class Jobs extends EventTarget {
  readonly runs: Run[] = [];
  private readonly stop = new AbortController();

  private changed(run: Run, kind = 'change'): void {
    this.dispatchEvent(new CustomEvent(kind, { detail: run }));
  }

  /**
   * Sends an order and follows its job.
   * @throws Refused where the server does not take it.
   */
  async start(order: Order): Promise<Run> {
    const body = await bodyOf(order);
    // One name for all tries: a server that took the request before the connection broke does not take it twice.
    const headers = { Prefer: 'respond-async', 'Idempotency-Key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
    let job: Job | null = null;
    for (let tries = 0; job === null; tries++) {
      try {
        job = await post<Job>(`v1/${order.task}`, body, headers);
      } catch (error) {
        if (!(error instanceof Unreachable) || tries >= 3) throw error;
        await pause(500 * 2 ** tries);
      }
    }
    await sent.put(job.id, { ...(order.pictures.image ? { image: order.pictures.image } : {}), ...(order.pictures.mask ? { mask: order.pictures.mask } : {}) });
    return this.add(job);
  }

  /** Goes on with the jobs of this page that a reload cut off. */
  resume(): void {
    for (const id of this.held()) void this.find(id);
  }

  private async find(id: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        this.add(await json<Job>(`v1/jobs/${id}`));
        return;
      } catch (error) {
        if (error instanceof Refused && error.status === 404) this.forget(id);
        if (!(error instanceof Unreachable)) return;
        await pause(Math.min(4000, 500 * 2 ** tries));
      }
    }
  }

  private add(job: Job): Run {
    const known = this.runs.find(run => run.id === job.id);
    if (known) return known;
    const run: Run = {
      id: job.id, task: job.task, count: Number(job.parameters.count ?? 1), status: job.status, progress: { ...job.progress }, previews: new Map(),
      isLost: false, isCancelling: false, pictures: [], problem: null, warnings: [],
    };
    this.runs.push(run);
    this.hold([...this.held(), job.id]);
    this.changed(run, 'start');
    void this.watch(run);
    return run;
  }

  /** Events tell of a job's own changes; its place in the queue changes by others'. */
  private async keepPlace(run: Run): Promise<void> {
    while (run.status === 'queued' && this.runs.includes(run)) {
      await pause(2000);
      if (run.status !== 'queued' || run.isLost) continue;
      const job = await json<Job>(`v1/jobs/${run.id}`).catch(() => null);
      if (job?.status !== 'queued') continue;
      run.progress = { ...job.progress };
      this.changed(run);
    }
  }

  private async watch(run: Run): Promise<void> {
    if (run.status === 'queued') void this.keepPlace(run);
    try {
      const lost = (isLost: boolean): void => {
        if (run.isLost === isLost) return;
        run.isLost = isLost;
        this.changed(run);
      };
      for await (const event of follow(run.id, lost, this.stop.signal)) {
        const data = JSON.parse(event.data) as Values;
        if (event.name === 'progress') run.progress = { ...run.progress, position: undefined, ...data } as Progress;
        else if (event.name === 'queued') [run.status, run.progress] = ['queued', { ...run.progress, ...data } as Progress];
        else if (event.name === 'started') [run.status, run.progress] = ['running', { ...run.progress, position: undefined, eta: data.eta as number }];
        else if (event.name === 'preview') run.previews.set(Number(data.index), data as unknown as Preview);
        this.changed(run);
      }
      if (this.stop.signal.aborted) return;
      await this.end(run, await json<Job>(`v1/jobs/${run.id}`));
    } catch (error) {
      if (error instanceof Refused) {
        run.problem = error.document;
        run.status = 'failed';
        if (error.status === 404) this.forget(run.id);
      } else if (error instanceof Unreachable) {
        // Between the end of the events and the answer: once more.
        await pause(1000);
        void this.watch(run);
        return;
      } else throw error;
      this.remove(run);
    }
  }

  private async end(run: Run, job: Job): Promise<void> {
    if (!isOver(job.status)) return void this.watch(run);
    run.isLost = false;
    const pictures = await sent.get(run.id) ?? {};
    run.warnings = job.warnings;
    run.problem = job.problem ?? null;
    run.pictures = await Promise.all(job.images.map(async image => {
      const kept: Kept = { ...keptOf(job, image), ...pictures };
      try {
        kept.file = await (await call(image.url)).blob();
      } catch (error) {
        if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      }
      await shelf.put(kept);
      return kept;
    }));
    run.status = job.status;
    this.forget(run.id);
    await sent.delete(run.id);
    this.remove(run);
  }

  private remove(run: Run): void {
    const at = this.runs.indexOf(run);
    if (at >= 0) this.runs.splice(at, 1);
    this.changed(run, 'end');
  }

  async cancel(run: Run): Promise<void> {
    run.isCancelling = true;
    this.changed(run);
    try {
      await json<Job>(`v1/jobs/${run.id}`, { method: 'DELETE' });
    } catch (error) {
      run.isCancelling = false;
      this.changed(run);
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
    }
  }

  // Another tab holds its own jobs in the same place.
  private held(): string[] {
    try {
      const ids: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]');
      return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string' && /^\w+$/.test(id)) : [];
    } catch {
      return [];
    }
  }

  private hold(ids: string[]): void { localStorage.setItem(stored, JSON.stringify([...new Set(ids)].slice(-50))); }

  private forget(id: string): void { this.hold(this.held().filter(one => one !== id)); }
}

export function keptOf(job: Job, image: ImageEntry): Kept {
  return {
    id: `${job.id}/${image.index}`, job: job.id, index: image.index, task: job.task, model: job.model, seed: image.seed,
    width: image.width, height: image.height, format: image.format, at: Date.parse(job.finished_at ?? job.created_at) - image.index,
    parameters: job.parameters, warnings: job.warnings, url: image.url,
    ...(job.timings ? { milliseconds: job.timings.total_ms } : {}),
    ...(image.attributions ? { attributions: image.attributions } : {}),
  };
}

export const jobs = new Jobs();
