export const tasks = ['txt2img', 'img2img', 'inpaint', 'outpaint', 'upscale'];
export const isOver = (status) => status !== 'queued' && status !== 'running';
