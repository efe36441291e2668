import { addressOf, json, Unreachable } from './api.js';
class Server extends EventTarget {
    fields = {};
    models = [];
    upscalers = [];
    samplers = [];
    schedules = [];
    loras = [];
    controlNets = [];
    vaes = [];
    defaultModel = '';
    async read() {
        const fields = await fetch(new URL('fields.json', import.meta.url)).catch(error => { throw new Unreachable(String(error)); });
        if (!fields.ok)
            throw new Unreachable(fields.statusText);
        this.fields = await fields.json();
        await this.refresh();
    }
    async refresh() {
        this.models = (await json('v1/models')).data;
        const list = async (path) => (await json(path)).data;
        [this.upscalers, this.samplers, this.schedules, this.loras, this.controlNets, this.vaes] = await Promise.all([
            list('v1/upscalers'), list('v1/samplers'), list('v1/schedules'),
            list('v1/loras'), list('v1/controlnets'), list('v1/vaes'),
        ]);
        const ready = await fetch(addressOf('readyz')).then(answer => answer.json()).catch(() => ({ model: undefined }));
        this.defaultModel = ready.model ?? this.models[0]?.id ?? '';
        this.dispatchEvent(new Event('read'));
    }
    model(id) {
        return this.models.find(one => one.id === (typeof id === 'string' && id ? id : this.defaultModel));
    }
}
export const server = new Server();
