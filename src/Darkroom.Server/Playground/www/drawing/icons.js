const svg = 'http://www.w3.org/2000/svg';
const shapes = {
    brush: [
        'M9.6 13.4c-2.6-.2-4.1 1.4-4.2 3.5-.1 1.5-.9 2.4-2.4 2.7 1.7 1.3 4.3 1.6 6.2.8 2-.8 3.1-2.5 2.8-4.6',
        'M9.6 13.4 18.7 3.9a1.6 1.6 0 0 1 2.4 2.1L12 15.8a4 4 0 0 0-2.4-2.4z',
    ],
    eraser: ['M8.6 19.5 4 14.9a1.6 1.6 0 0 1 0-2.3l8.6-8.6a1.6 1.6 0 0 1 2.3 0L20 9.1a1.6 1.6 0 0 1 0 2.3l-8.1 8.1z', 'M11.9 19.5H20.5', 'M8.2 8.4 15.6 15.8'],
    undo: ['M8 4.5 3.8 8.7 8 12.9', 'M3.8 8.7H14.8a5.2 5.2 0 0 1 0 10.4H10'],
    redo: ['M16 4.5 20.2 8.7 16 12.9', 'M20.2 8.7H9.2a5.2 5.2 0 0 0 0 10.4H14'],
    clear: [
        'M4.2 6.5H19.8', 'M9 6.5V4.6A1.1 1.1 0 0 1 10.1 3.5h3.8A1.1 1.1 0 0 1 15 4.6V6.5',
        'M6.3 6.5 7.1 19a1.6 1.6 0 0 0 1.6 1.5h6.6A1.6 1.6 0 0 0 16.9 19L17.7 6.5', 'M10.2 10.5V16.5', 'M13.8 10.5V16.5',
    ],
    invert: ['M12 3.5a8.5 8.5 0 0 1 0 17a8.5 8.5 0 0 1 0-17z', '*M12 3.5a8.5 8.5 0 0 1 0 17z'],
    plus: ['M12 5V19', 'M5 12H19'],
    minus: ['M5 12H19'],
    fit: ['M4 9V5.2A1.2 1.2 0 0 1 5.2 4H9', 'M15 4h3.8A1.2 1.2 0 0 1 20 5.2V9', 'M20 15v3.8A1.2 1.2 0 0 1 18.8 20H15', 'M9 20H5.2A1.2 1.2 0 0 1 4 18.8V15'],
    reset: ['M5 5V10H10', 'M5.6 10A7.5 7.5 0 1 1 4.8 14'],
};
export function icon(name) {
    const picture = document.createElementNS(svg, 'svg');
    picture.setAttribute('viewBox', '0 0 24 24');
    picture.setAttribute('aria-hidden', 'true');
    picture.setAttribute('class', 'drawing-icon');
    for (const shape of shapes[name]) {
        const path = document.createElementNS(svg, 'path');
        const filled = shape.startsWith('*');
        path.setAttribute('d', filled ? shape.slice(1) : shape);
        if (filled)
            path.setAttribute('fill', 'currentColor');
        picture.append(path);
    }
    return picture;
}
