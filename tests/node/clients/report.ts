// What each program prints: one object of JSON, the same for all generators.
import { createHash } from 'node:crypto';

export interface Picture {
  width: number;
  height: number;
  format: string;
  seed: number;
  sha256: string;
  /** The file, in base64. */
  data: string;
}

export interface Report {
  made: { task: string; status: string; model: string; steps: number; sampler: string; picture: Picture };
  uploaded: { task: string; strength: number; picture: Picture };
  background: { status: number; location: string; applied: string; polls: number; end: string; picture: string };
  events: { names: string[]; steps: number[]; end: string; sha256: string };
  cancelled: { asked: string; end: string };
  repeated: { first: string; second: string; replayed: string; other: string };
  fault: { status: number; type: string; requestId: string; faults: { field: string; limit: string; value: unknown }[] };
  missing: { status: number; type: string };
  binary: { type: string; seed: string; job: string; data: string };
}

export const wanted = { prompt: 'red apple', width: 64, height: 64, seed: 7, steps: 4, sampler: 'euler_ancestral', upscale: null } as const;

/** Long enough to be cancelled while it runs. */
export const long = { ...wanted, steps: 150, count: 8 };

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const ended = (status: string) => status !== 'queued' && status !== 'running';

export const pause = () => new Promise(resolve => setTimeout(resolve, 20));

export function some<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}

export const header = (response: Response, name: string) => some(response.headers.get(name), name);

/** The one picture of an answer, its data decoded and held against the answer's own words of it. */
export function picture(images: { width: number; height: number; format: string; seed: number; sha256: string; bytes: number; data?: string }[]): Picture {
  if (images.length !== 1) throw new Error(`One picture was asked for, not ${images.length}`);
  const { width, height, format, seed, ...image } = images[0]!;
  const data = some(image.data, 'data');
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== image.bytes || sha256(bytes) !== image.sha256) throw new Error('The picture is not the one that the answer names');
  return { width, height, format, seed, sha256: image.sha256, data };
}

export const print = (report: Report) => console.log(JSON.stringify(report));
