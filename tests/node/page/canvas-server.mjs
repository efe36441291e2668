// A page with the compiled modules of the playground's drawing components, behind the policy of content that the server sets.
import http from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const here = import.meta.dirname;
const styles = path.join(here, '../../../src/Darkroom.Server/Playground/www/canvas.css');
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'";
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Drawing</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/canvas.css"></head>
<body><main><h1>Drawing</h1><section id="mask"></section><section id="frame"></section><section id="compare"></section></main>
<script type="module" src="/page.js"></script></body></html>`;

/** Serves what was compiled into `folder` on a free port of this machine. */
export async function serve(folder) {
  const files = { '/page.js': path.join(here, 'canvas-page.js'), '/page.css': path.join(here, 'canvas.css'), '/canvas.css': styles };
  const types = { '.js': 'text/javascript', '.css': 'text/css' };
  const server = http.createServer(async (request, response) => {
    const address = new URL(request.url, 'http://localhost').pathname;
    const file = files[address] ?? (address.startsWith('/playground/') ? path.join(folder, path.normalize(address.slice('/playground'.length))) : null);
    const answer = (status, type, body) => response.writeHead(status, { 'content-type': type, 'content-security-policy': policy }).end(body);
    if (address === '/') return answer(200, 'text/html; charset=utf-8', page);
    try {
      answer(200, types[path.extname(file)], await readFile(file));
    } catch {
      // Browsers ask for an icon by themselves.
      answer(address === '/favicon.ico' ? 204 : 404, 'text/plain', '');
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
