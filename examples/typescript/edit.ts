// A picture from a picture that is sent as a file: what is drawn keeps its shape and becomes something else.
//   node examples/typescript/edit.ts docs/task-txt2img.png "orange, 3d render, on a light blue background" [STRENGTH]
import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import process, { argv, env, exit } from "node:process";
import { Darkroom, words } from "./darkroom.ts";

const [file, prompt, strength = "0.7"] = argv.slice(2);
if (!file || !prompt) {
  console.error("node examples/typescript/edit.ts FILE PROMPT [STRENGTH]");
  exit(64);
}
const darkroom = new Darkroom(env.DARKROOM_URL, env.DARKROOM_KEY);
// Who waits for a picture and hangs up cancels it: Ctrl+C leaves no work behind on the server.
const hangUp = new AbortController();
process.once("SIGINT", () => hangUp.abort());
try {
  const { picture, seed } = await darkroom.make("img2img", { image: await openAsBlob(file), prompt, strength: Number(strength) }, hangUp.signal);
  await writeFile("edit.png", await picture.bytes());
  console.log(`edit.png, seed ${seed}`);
} catch (error) {
  console.error(words(error));
  exit(1);
}
