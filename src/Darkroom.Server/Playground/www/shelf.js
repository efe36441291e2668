const name = 'darkroom', version = 1, mostPictures = 1000;
let opened = null;
function open() {
    opened ??= new Promise(done => {
        let request;
        try {
            request = indexedDB.open(name, version);
        }
        catch {
            done(null);
            return;
        }
        request.onupgradeneeded = () => {
            request.result.createObjectStore('pictures', { keyPath: 'id' }).createIndex('at', 'at');
            request.result.createObjectStore('drafts');
            request.result.createObjectStore('deleted');
            request.result.createObjectStore('sent');
        };
        request.onsuccess = () => done(request.result);
        request.onerror = () => done(null);
        request.onblocked = () => done(null);
    });
    return opened;
}
async function ask(store, mode, action) {
    const database = await open();
    if (!database)
        return undefined;
    return new Promise(done => {
        try {
            const transaction = database.transaction(store, mode);
            const request = action(transaction.objectStore(store));
            request.onsuccess = () => { if (mode === 'readonly')
                done(request.result); };
            transaction.oncomplete = () => done(request.result);
            transaction.onerror = transaction.onabort = () => done(undefined);
        }
        catch {
            done(undefined);
        }
    });
}
export const shelf = {
    put: (kept) => ask('pictures', 'readwrite', store => store.put(kept)),
    get: (id) => ask('pictures', 'readonly', store => store.get(id)),
    async all() {
        const all = (await ask('pictures', 'readonly', store => store.getAll()) ?? []).sort((a, b) => b.at - a.at);
        for (const old of all.splice(mostPictures))
            await ask('pictures', 'readwrite', store => store.delete(old.id));
        return all;
    },
    async delete(id) {
        await ask('pictures', 'readwrite', store => store.delete(id));
        await ask('deleted', 'readwrite', store => store.put(Date.now(), id));
    },
    async deleted() {
        const ids = await ask('deleted', 'readonly', store => store.getAllKeys());
        return new Set((ids ?? []).map(String));
    },
};
export const drafts = {
    get: (slot) => ask('drafts', 'readonly', store => store.get(slot)),
    set: (slot, picture) => ask('drafts', 'readwrite', store => (picture ? store.put(picture, slot) : store.delete(slot))),
};
export const sent = {
    get: (job) => ask('sent', 'readonly', store => store.get(job)),
    put: (job, pictures) => ask('sent', 'readwrite', store => store.put(pictures, job)),
    delete: (job) => ask('sent', 'readwrite', store => store.delete(job)),
};
