// What the browser keeps (IndexedDB): finished pictures with what made them, and the pictures that are being worked on.
import type { Attribution, Task, Values } from './wire.js';

export interface Kept {
  /** `JOB/INDEX` */
  id: string;
  job: string;
  index: number;
  task: Task;
  model: string;
  seed: number;
  width: number;
  height: number;
  format: string;
  /** Milliseconds since 1970. */
  at: number;
  parameters: Values;
  warnings: string[];
  milliseconds?: number;
  /** Where each word was drawn, where that was asked for; the maps are the server's, and go when it drops the job. */
  attributions?: Attribution[];
  /** Where the server has it, as long as it does. */
  url: string;
  file?: Blob;
  /** The picture that was sent, and the mask: the server's answer leaves them out. */
  image?: Blob;
  mask?: Blob;
}

const name = 'darkroom', version = 1, mostPictures = 1000;

let opened: Promise<IDBDatabase | null> | null = null;

// Some browsers have none in private windows: then nothing is kept, and all else works.
function open(): Promise<IDBDatabase | null> {
  opened ??= new Promise(done => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(name, version);
    } catch {
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

async function ask<T>(store: string, mode: IDBTransactionMode, action: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const database = await open();
  if (!database) return undefined;
  return new Promise(done => {
    try {
      const transaction = database.transaction(store, mode);
      const request = action(transaction.objectStore(store));
      request.onsuccess = () => { if (mode === 'readonly') done(request.result); };
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => done(undefined); // no room: the server still has it
    } catch {
      done(undefined);
    }
  });
}

export const shelf = {
  put: (kept: Kept): Promise<unknown> => ask('pictures', 'readwrite', store => store.put(kept)),
  get: (id: string): Promise<Kept | undefined> => ask('pictures', 'readonly', store => store.get(id) as IDBRequest<Kept>),
  /** Newest first. The oldest leave where there are very many. */
  async all(): Promise<Kept[]> {
    const all = (await ask('pictures', 'readonly', store => store.getAll() as IDBRequest<Kept[]>) ?? []).sort((a, b) => b.at - a.at);
    for (const old of all.splice(mostPictures)) await ask('pictures', 'readwrite', store => store.delete(old.id));
    return all;
  },
  async delete(id: string): Promise<void> {
    await ask('pictures', 'readwrite', store => store.delete(id));
    await ask('deleted', 'readwrite', store => store.put(Date.now(), id));
  },
  async deleted(): Promise<Set<string>> {
    const ids = await ask('deleted', 'readonly', store => store.getAllKeys());
    return new Set((ids ?? []).map(String));
  },
};

/** Pictures of the form. */
export const drafts = {
  get: (slot: string): Promise<Blob | undefined> => ask('drafts', 'readonly', store => store.get(slot) as IDBRequest<Blob>),
  set: (slot: string, picture: Blob | null): Promise<unknown> =>
    ask('drafts', 'readwrite', store => (picture ? store.put(picture, slot) : store.delete(slot)) as IDBRequest<unknown>),
};

export interface Sent { image?: Blob; mask?: Blob }

/** Pictures that were sent with a job that is not over. */
export const sent = {
  get: (job: string): Promise<Sent | undefined> => ask('sent', 'readonly', store => store.get(job) as IDBRequest<Sent>),
  put: (job: string, pictures: Sent): Promise<unknown> => ask('sent', 'readwrite', store => store.put(pictures, job)),
  delete: (job: string): Promise<unknown> => ask('sent', 'readwrite', store => store.delete(job)),
};
