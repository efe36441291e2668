// What the server has: asked for once when the page opens, and again when the page is told to.
import { addressOf, json, Unreachable } from './api.js';
import type { ModelEntry, Named, SamplerEntry, ScheduleEntry, Task } from './wire.js';

export interface FieldRule {
  kind: 'whole' | 'number' | 'choice' | 'flag' | 'other'; min?: number; max?: number; choices?: string[]; default?: unknown;
  needs_capability?: boolean; model_sets?: boolean;
}

interface List<T> { data: T[] }

class Server extends EventTarget {
  fields = {} as Record<Task, Record<string, FieldRule>>;
  models: ModelEntry[] = [];
  upscalers: Named[] = [];
  samplers: SamplerEntry[] = [];
  schedules: ScheduleEntry[] = [];
  loras: Named[] = [];
  controlNets: Named[] = [];
  vaes: Named[] = [];
  defaultModel = '';

  async read(): Promise<void> {
    // Beside this module: the ranges are of the same version as the page.
    const fields = await fetch(new URL('fields.json', import.meta.url)).catch(error => { throw new Unreachable(String(error)); });
    if (!fields.ok) throw new Unreachable(fields.statusText);
    this.fields = await fields.json() as typeof this.fields;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    // The first alone: where a key is needed, it is asked for once.
    this.models = (await json<List<ModelEntry>>('v1/models')).data;
    const list = async <T>(path: string): Promise<T[]> => (await json<List<T>>(path)).data;
    [this.upscalers, this.samplers, this.schedules, this.loras, this.controlNets, this.vaes] = await Promise.all([
      list<Named>('v1/upscalers'), list<SamplerEntry>('v1/samplers'), list<ScheduleEntry>('v1/schedules'),
      list<Named>('v1/loras'), list<Named>('v1/controlnets'), list<Named>('v1/vaes'),
    ]);
    const ready = await fetch(addressOf('readyz')).then(answer => answer.json() as Promise<{ model?: string }>).catch(() => ({ model: undefined }));
    this.defaultModel = ready.model ?? this.models[0]?.id ?? '';
    this.dispatchEvent(new Event('read'));
  }

  model(id: unknown): ModelEntry | undefined {
    return this.models.find(one => one.id === (typeof id === 'string' && id ? id : this.defaultModel));
  }
}

export const server = new Server();
