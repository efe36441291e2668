// The part of Darkroom's API that these examples use, over fetch alone: it runs as well in a browser, Deno or Bun.

/** What is asked for. Absent and null fields have the server's defaults; `/openapi/v1.json` has all of them. */
export interface Order {
  prompt?: string;
  negative_prompt?: string | null;
  model?: string;
  width?: number;
  height?: number;
  steps?: number;
  seed?: number | null;
  strength?: number;
  preview_every?: number;
  /** Null declines what a model does to its pictures by itself. */
  upscale?: { model?: string; scale?: number } | null;
  /** A picture sent as a file. */
  image?: Blob;
  mask?: Blob;
}

export type Task = "txt2img" | "img2img" | "inpaint" | "outpaint" | "upscale";

export interface Image {
  index: number;
  seed: number;
  width: number;
  height: number;
  url: string;
}

export interface Job {
  id: string;
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "expired";
  images: Image[];
}

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Every field of the request that is wrong. */
  errors?: { field: string; message: string; value?: unknown; limit?: string }[];
}

/** What happens to a job; each of the last four is the last one. */
export type JobEvent =
  | { name: "queued"; data: { position?: number; eta?: number } }
  | { name: "started"; data: { eta?: number } }
  | { name: "progress"; data: { step: number; steps: number; share: number; eta?: number } }
  | { name: "preview"; data: { index: number; step: number; data: string } }
  | { name: "succeeded"; data: Job }
  | { name: "failed" | "cancelled" | "expired"; data: Problem };

/** The server's words about a request that it cannot serve. */
export class DarkroomError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super([problem.title, ...(problem.errors?.map((error) => error.message) ?? [problem.detail])].join("\n  "));
    this.problem = problem;
  }
}

/** A sentence for people about anything that was thrown. */
export function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "AbortError") return "cancelled";
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

export class Darkroom {
  readonly #url: string;
  readonly #key: string | undefined;

  constructor(url = "http://127.0.0.1:8080", key?: string) {
    this.#url = url;
    this.#key = key;
  }

  /** Waits for one picture. A signal that is aborted hangs up, which cancels the work. */
  async make(task: Task, order: Order, signal?: AbortSignal): Promise<{ picture: Blob; seed: number }> {
    const answer = await this.#post(task, order, { accept: "image/png" }, signal);
    return { picture: await answer.blob(), seed: Number(answer.headers.get("x-seed")) };
  }

  /** Has a job accepted, and does not wait for it: it goes on until it is done or cancelled. */
  async begin(task: Task, order: Order): Promise<Job> {
    return (await (await this.#post(task, order, { prefer: "respond-async" })).json()) as Job;
  }

  /** Cancels a job at its next step. One that has ended stays as it is. */
  async cancel(id: string): Promise<Job> {
    return (await (await this.#send(`/v1/jobs/${id}`, { method: "DELETE" })).json()) as Job;
  }

  async picture(image: Image): Promise<Blob> {
    return await (await this.#send(image.url)).blob();
  }

  /** What happens to a job, as it happens, to its end. A connection that breaks is made again, and nothing is missed that is still of use. */
  async *events(id: string, signal?: AbortSignal): AsyncGenerator<JobEvent> {
    let last: string | undefined;
    for (let broken = 0; ; ) {
      try {
        const answer = await this.#send(`/v1/jobs/${id}/events`, { headers: last ? { "last-event-id": last } : {}, signal });
        let name = "";
        for await (const [field, value] of lines(answer)) {
          if (field === "id") [last, broken] = [value, 0];
          else if (field === "event") name = value;
          else if (field === "data") {
            yield { name, data: JSON.parse(value) } as JobEvent;
            if (name === "succeeded" || name === "failed" || name === "cancelled" || name === "expired") return;
          }
        }
      } catch (error) {
        // fetch says TypeError when there is no connection, or none any more.
        if (!(error instanceof TypeError) || ++broken === 10) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  /** Without pictures an order is JSON; with them it is a form, and its pictures are files of it. */
  #post(task: Task, order: Order, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    const address = `/v1/${task}`;
    if (!order.image) {
      return this.#send(address, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(order), signal });
    }
    const form = new FormData();
    for (const [name, value] of Object.entries(order)) {
      if (value instanceof Blob) form.append(name, value, name);
      else if (value !== undefined) form.append(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    return this.#send(address, { method: "POST", headers, body: form, signal });
  }

  async #send(address: string, request: RequestInit = {}): Promise<Response> {
    const headers = new Headers(request.headers);
    if (this.#key) headers.set("authorization", `Bearer ${this.#key}`);
    const answer = await fetch(this.#url + address, { ...request, headers });
    if (!answer.ok) throw new DarkroomError((await answer.json()) as Problem);
    return answer;
  }
}

/** The lines "field: value" of a stream of server-sent events. (EventSource of browsers reads them too, but sends no key.) */
async function* lines(answer: Response): AsyncGenerator<[field: string, value: string]> {
  let rest = "";
  for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
    const read = (rest + text).split("\n");
    rest = read.pop()!;
    for (const line of read) {
      const colon = line.indexOf(": ");
      if (colon > 0) yield [line.slice(0, colon), line.slice(colon + 2)];
    }
  }
}
