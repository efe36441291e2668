export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
        made.setAttribute(name, value);
    made.append(...children);
    return made;
}
export function context2d(canvas) {
    const context = canvas.getContext('2d');
    if (!context)
        throw new Error('The browser gives no 2D context.');
    return context;
}
export function pictureCanvas(picture, className) {
    const canvas = element('canvas', { class: className });
    canvas.width = picture.width;
    canvas.height = picture.height;
    context2d(canvas).drawImage(picture, 0, 0);
    return canvas;
}
export function clamp(value, min, max) {
    return Math.min(Math.max(value, min), max);
}
