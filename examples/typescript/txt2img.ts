// A picture from a text, and nothing but fetch: the smallest request.
//   node examples/typescript/txt2img.ts "red apple, 3d render" [SEED]
import { writeFile } from "node:fs/promises";
import { argv, env, exit } from "node:process";

const url = env.DARKROOM_URL ?? "http://127.0.0.1:8080";
const [prompt = "red apple, 3d render", seed] = argv.slice(2);

const answer = await fetch(`${url}/v1/txt2img`, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    accept: "image/png",
    ...(env.DARKROOM_KEY && { authorization: `Bearer ${env.DARKROOM_KEY}` }),
  },
  body: JSON.stringify({ prompt, seed: seed ? Number(seed) : null }),
});
if (!answer.ok) {
  // RFC 9457: each wrong field with its value and its limit.
  const problem = (await answer.json()) as { title: string; detail: string; errors?: { message: string }[] };
  console.error([problem.title, ...(problem.errors?.map((error) => error.message) ?? [problem.detail])].join("\n"));
  exit(1);
}
await writeFile("txt2img.png", await answer.bytes());
console.log(`txt2img.png, seed ${answer.headers.get("x-seed")}`);
