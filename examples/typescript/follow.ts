// A job that is followed: its place in the queue, each step, previews, and the picture. Ctrl+C cancels it.
//   node examples/typescript/follow.ts "fox, 3d render, on a light blue background"
import { writeFile } from "node:fs/promises";
import process, { argv, env, exit, stdout } from "node:process";
import { Darkroom, words } from "./darkroom.ts";

const [prompt = "fox, 3d render, on a light blue background"] = argv.slice(2);
const darkroom = new Darkroom(env.DARKROOM_URL, env.DARKROOM_KEY);
try {
  const job = await darkroom.begin("txt2img", { prompt, seed: 7, steps: 60, preview_every: 10 });
  // A job that was accepted goes on when its callers hang up, so it is cancelled by name. Its last event says that it was.
  process.once("SIGINT", () => void darkroom.cancel(job.id));

  for await (const { name, data } of darkroom.events(job.id)) {
    switch (name) {
      case "queued":
        console.log(`${data.position ?? 0} jobs are before this one`);
        break;
      case "progress":
        stdout.write(`\rstep ${data.step} of ${data.steps}, ${(data.eta ?? 0).toFixed(1)} s left `);
        break;
      case "preview":
        await writeFile("preview.png", Buffer.from(data.data, "base64"));
        break;
      case "succeeded":
        for (const image of data.images) {
          const file = `follow-${image.seed}.png`;
          await writeFile(file, await (await darkroom.picture(image)).bytes());
          console.log(`\n${file}, ${image.width}×${image.height}`);
        }
        break;
      case "failed":
      case "cancelled":
      case "expired":
        console.log(`\n${name}: ${data.detail}`);
        exit(1);
    }
  }
} catch (error) {
  console.error(words(error));
  exit(1);
}
