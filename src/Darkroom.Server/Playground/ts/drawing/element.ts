/** An element with attributes and children. No markup is parsed and no style attribute is written, so that a strict policy of content allows all of it. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Readonly<Record<string, string>> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The context of a canvas; browsers give none where memory for it is missing. */
export function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no 2D context.');
  return context;
}

/** A canvas of the picture's size with the picture in it. */
export function pictureCanvas(picture: ImageBitmap, className: string): HTMLCanvasElement {
  const canvas = element('canvas', { class: className });
  canvas.width = picture.width;
  canvas.height = picture.height;
  context2d(canvas).drawImage(picture, 0, 0);
  return canvas;
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
