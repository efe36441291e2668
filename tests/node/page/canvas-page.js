// The page that canvas.mjs drives: the three components, each in a section of its own, with the tables of the language that the address names.
import { MaskEditor } from '/playground/mask-editor.js';
import { OutpaintFrame } from '/playground/outpaint-frame.js';
import { CompareSlider } from '/playground/compare-slider.js';
import { canvasEn } from '/playground/i18n/canvas.en.js';
import { canvasKo } from '/playground/i18n/canvas.ko.js';

const asked = new URLSearchParams(location.search);
const table = asked.get('lang') === 'ko' ? canvasKo : canvasEn;
document.documentElement.lang = asked.get('lang') ?? 'en';
const t = key => table[key] ?? `?${key}`;

globalThis.violations = [];
document.addEventListener(
  'securitypolicyviolation', event => violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));

/** A picture whose pixels all differ, or one of a single colour. */
globalThis.picture = (width, height, colour) => {
  const canvas = new OffscreenCanvas(width, height), context = canvas.getContext('2d');
  if (colour) {
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
  } else {
    const sky = context.createLinearGradient(0, 0, width, height);
    for (const [at, stop] of [[0, '#20356b'], [0.45, '#c96f4a'], [0.7, '#f3c98b'], [1, '#2d4a3a']]) sky.addColorStop(at, stop);
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#fbe9c0';
    context.beginPath();
    context.arc(width * 0.62, height * 0.4, height * 0.13, 0, 7);
    context.fill();
    context.fillStyle = '#17251f';
    context.beginPath();
    context.moveTo(0, height);
    for (const [x, y] of [[0, 0.75], [0.2, 0.55], [0.38, 0.72], [0.6, 0.5], [0.82, 0.74], [1, 0.6], [1, 1]]) context.lineTo(x * width, y * height);
    context.fill();
  }
  return canvas.transferToImageBitmap();
};

/** Zeros and ones of a mask's PNG, row by row, with its first bytes; any other colour is a 2. */
globalThis.maskOf = async () => {
  const blob = await editor.toBlob(), bitmap = await createImageBitmap(blob), canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const bytes = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  let pixels = '';
  for (let i = 0; i < bytes.length; i += 4) {
    const grey = bytes[i] === bytes[i + 1] && bytes[i] === bytes[i + 2] && bytes[i + 3] === 255;
    pixels += grey && bytes[i] === 255 ? '1' : grey && bytes[i] === 0 ? '0' : '2';
  }
  return { type: blob.type, head: [...new Uint8Array(await blob.slice(0, 24).arrayBuffer())], width: bitmap.width, height: bitmap.height, pixels };
};

globalThis.changes = { mask: 0, frame: 0 };
globalThis.editor = new MaskEditor(document.querySelector('#mask'), t);
globalThis.frame = new OutpaintFrame(document.querySelector('#frame'), t);
globalThis.slider = new CompareSlider(document.querySelector('#compare'), t);
editor.onchange = () => changes.mask++;
frame.onchange = () => changes.frame++;
globalThis.ready = true;
