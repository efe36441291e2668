// Programs that send a request and keep its pictures. Pictures that are sent lie beside them: picture.png, mask.png, control.png.
import type { Order } from './request.js';
import type { Values } from './wire.js';

export interface Snippet { base: string; order: Order; hasKey: boolean }
interface Writer { title: string; write(snippet: Snippet): string }

const files = { image: 'picture.png', mask: 'mask.png', control: 'control.png' } as const;

/** Pictures that the task needs, whether or not they were chosen yet. */
function sentFiles({ task }: Order): [string, string][] {
  if (task === 'txt2img') return [];
  return task === 'inpaint' ? [['image', files.image], ['mask', files.mask]] : [['image', files.image]];
}

const controlOf = (order: Order): Values | undefined => (order.fields.controls as Values[] | undefined)?.[0];
const plainFields = (order: Order): [string, unknown][] => Object.entries(order.fields).filter(([name, value]) => name !== 'controls' && value !== undefined);
const quote = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

function curl({ base, order, hasKey }: Snippet): string {
  const lines = [`curl ${base}/v1/${order.task}`];
  if (hasKey) lines.push('-H "Authorization: Bearer $DARKROOM_KEY"');
  const control = controlOf(order);
  // One picture is answered as it is; several come as JSON.
  const format = String(order.fields.format ?? 'png'), one = Number(order.fields.count ?? 1) === 1 && format !== 'npy'; // which no Accept asks for
  lines.push(one ? `-H 'Accept: image/${format}'` : '-H \'Accept: application/json\'', `--fail-with-body -o ${one ? `0.${format}` : 'answer.json'}`);
  const sent = sentFiles(order);
  if (sent.length === 0 && !control) {
    lines.push('-H \'Content-Type: application/json\'', `-d ${quote(JSON.stringify(order.fields, null, 2))}`);
    return lines.join(' \\\n  ');
  }
  for (const [name, file] of sent) lines.push(`-F ${name}=@${file}`);
  // A part that begins with @ or < would be read as a file's name.
  for (const [name, value] of plainFields(order)) lines.push(`--form-string ${quote(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`);
  if (control) {
    const json = JSON.stringify({ ...control, image: '…' }).replace(/"/g, '\\"');
    lines.push(`--form-string "controls=[${json.replace('…', `$(base64 -w0 ${files.control})`)}]"`);
  }
  return lines.join(' \\\n  ');
}

/** Rows of a body in the form `name: value`, pictures read by `read`. */
function rowsOf(order: Order, name: (text: string) => string, value: (json: unknown) => string, read: (file: string) => string): string[] {
  const control = controlOf(order);
  const object = (fields: Values): string[] => Object.entries(fields).filter(([, one]) => one !== undefined).map(([key, one]) => `${name(key)}: ${value(one)}`);
  return [
    ...plainFields(order).map(([key, one]) => `${name(key)}: ${value(one)}`),
    ...sentFiles(order).map(([key, file]) => `${name(key)}: ${read(file)}`),
    ...(control ? [`${name('controls')}: [{ ${[...object(control), `${name('image')}: ${read(files.control)}`].join(', ')} }]`] : []),
  ];
}

const identity = (text: string): string => text;

function typescript({ base, order, hasKey }: Snippet): string {
  const rows = rowsOf(order, identity, one => JSON.stringify(one), file => `(await readFile('${file}')).toString('base64')`);
  return `import { readFile, writeFile } from 'node:fs/promises';

const answer = await fetch('${base}/v1/${order.task}', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json'${hasKey ? ', Authorization: `Bearer ${process.env.DARKROOM_KEY}`' : ''} },
  body: JSON.stringify({
${rows.map(row => `    ${row},`).join('\n')}
  }),
});
if (!answer.ok) throw new Error(await answer.text());
const { images } = await answer.json() as { images: { index: number; format: string; data: string }[] };
for (const image of images)
  await writeFile(\`\${image.index}.\${image.format}\`, Buffer.from(image.data, 'base64'));
`.replace(rows.some(row => row.includes('readFile')) ? '' : 'readFile, ', '');
}

/** A value of JSON as Python writes it. */
function pythonOf(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(', ')}]`;
  if (typeof value === 'object') {
    const rows = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{${rows.map(([name, one]) => `${JSON.stringify(name)}: ${pythonOf(one)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

function python({ base, order, hasKey }: Snippet): string {
  const rows = rowsOf(order, name => JSON.stringify(name), pythonOf, file => `base64.b64encode(open("${file}", "rb").read()).decode()`);
  return `import base64, json, ${hasKey ? 'os, ' : ''}urllib.request

body = {
${rows.map(row => `    ${row},`).join('\n')}
}
request = urllib.request.Request(
    "${base}/v1/${order.task}",
    json.dumps(body).encode(),
    {"Content-Type": "application/json"${hasKey ? ', "Authorization": "Bearer " + os.environ["DARKROOM_KEY"]' : ''}},
)
with urllib.request.urlopen(request) as answer:
    for image in json.load(answer)["images"]:
        with open(f"{image['index']}.{image['format']}", "wb") as file:
            file.write(base64.b64decode(image["data"]))
`;
}

const requestTypes = {
  txt2img: 'Txt2ImgRequest', img2img: 'Img2ImgRequest', inpaint: 'InpaintRequest', outpaint: 'OutpaintRequest', upscale: 'UpscaleRequest',
};
const pascal = (name: string): string => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
const initializer = (fields: Values): string =>
  `{ ${Object.entries(fields).filter(([, one]) => one !== undefined).map(([name, one]) => `${pascal(name)} = ${JSON.stringify(one)}`).join(', ')} }`;

/** A field as Darkroom.Client has it. */
function csharpOf(name: string, value: unknown): string {
  if (name === 'upscale') return value === null ? 'UpscaleStep.None' : `new() ${initializer(value as Values)}`;
  if (name === 'hires') return `new() ${initializer(value as Values)}`;
  if (name === 'explain') return 'WordChoice.All';
  if (name === 'tiling') return typeof value === 'string' ? `new("${value}")` : String(value);
  if (name === 'loras') return `[${(value as Values[]).map(one => `new(${JSON.stringify(one.id)}, ${JSON.stringify(one.weight ?? 1)})`).join(', ')}]`;
  if (Array.isArray(value)) return `new(${value.join(', ')})`;
  return JSON.stringify(value);
}

function csharp({ base, order, hasKey }: Snippet): string {
  const control = controlOf(order);
  const controlParts = Object.entries(control ?? {}).filter(([name, value]) => name !== 'model' && value !== undefined)
    .map(([name, value]) => `${pascal(name)} = ${JSON.stringify(value)}`).concat(`Image = PictureSource.FromFile("${files.control}")`);
  const rows = [
    ...plainFields(order).map(([name, value]) => `${pascal(name)} = ${csharpOf(name, value)}`),
    ...sentFiles(order).map(([name, file]) => `${pascal(name)} = PictureSource.FromFile("${file}")`),
    ...(control ? [`Controls = [new(${JSON.stringify(control.model)}) { ${controlParts.join(', ')} }]`] : []),
  ];
  return `using Darkroom.Client;

using var darkroom = new DarkroomClient(new Uri("${base}")${hasKey ? ', Environment.GetEnvironmentVariable("DARKROOM_KEY")' : ''});
var result = await darkroom.GenerateAsync(new ${requestTypes[order.task]}
{
${rows.map(row => `    ${row},`).join('\n')}
});
foreach (var image in result.Images)
    await image.SaveAsync($"{image.Index}.{image.Format}");
`;
}

export const writers: Record<string, Writer> = {
  curl: { title: 'curl', write: curl },
  typescript: { title: 'TypeScript', write: typescript },
  python: { title: 'Python', write: python },
  csharp: { title: 'C#', write: csharp },
};
