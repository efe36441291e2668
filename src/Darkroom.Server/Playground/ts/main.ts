// The page's start.
import { onUnauthorized, Refused, Unreachable } from './api.js';
import { byId, h, icon, pause } from './dom.js';
import { buildForm, clearFaults, showFaults } from './form.js';
import { buildGallery, newest } from './gallery.js';
import { choose, language, languages, t, translate, type Language } from './i18n/index.js';
import { jobs } from './jobs.js';
import { askForKey } from './key.js';
import { buildPrompt } from './prompt.js';
import { orderOf } from './request.js';
import { server } from './server.js';
import { buildSource } from './source.js';
import { buildStage, current, show, tell } from './stage.js';
import { state } from './state.js';
import { buildTheme } from './theme.js';
import { tasks } from './wire.js';
import { buildWorkspace, flush } from './workspace.js';
import { buildDrop } from './drop.js';
import { showCode } from './code.js';

function buildTasks(): void {
  const radios = tasks.map(task => {
    const input = h('input', { type: 'radio', name: 'task', id: `task-${task}`, value: task });
    input.addEventListener('change', () => state.setTask(task));
    return { task, input, label: h('label', { for: `task-${task}` }, t(`task.${task}`)) };
  });
  byId('tasks').append(...radios.flatMap(one => [one.input, one.label]));
  const draw = (): void => { for (const one of radios) one.input.checked = one.task === state.task; };
  state.addEventListener('task', () => { clearFaults(); draw(); });
  draw();
}

function buildTools(): void {
  const select = byId<HTMLSelectElement>('language');
  select.append(...(Object.keys(languages) as Language[]).map(one => h('option', { value: one }, languages[one])));
  select.value = language;
  select.addEventListener('change', () => choose(select.value as Language));
  byId('key').append(icon('key'));
  byId('key').addEventListener('click', () => void askForKey(false).then(given => (given ? start() : undefined)));
  byId('code').append(icon('code'));
  byId('code').addEventListener('click', () => void flush().then(showCode));
  byId('reset').append(icon('reset'));
  byId('reset').addEventListener('click', () => { clearFaults(); state.setAll({}); });
  byId('shortcut').textContent = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ ↵' : 'Ctrl ↵';
}

async function generate(): Promise<void> {
  const button = byId<HTMLButtonElement>('generate');
  if (button.getAttribute('aria-busy') === 'true') return;
  clearFaults();
  button.setAttribute('aria-busy', 'true');
  try {
    await flush();
    await jobs.start(orderOf());
    if (matchMedia('(max-width: 760px)').matches) byId('stage').scrollIntoView({ behavior: 'smooth' });
  } catch (error) {
    if (error instanceof Refused) showFaults(error.document.errors ?? [], error.document.detail || error.document.title);
    else if (error instanceof Unreachable) showFaults([], t('errors.unreachable'));
    else throw error;
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** Reads what the server has; a server that is not there yet is asked again. */
async function start(): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await server.read();
      byId('connection').textContent = '';
      break;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        byId('connection').textContent = t('key.needed');
        return;
      }
      byId('connection').textContent = error instanceof Refused ? error.message : t('job.lost');
      await pause(Math.min(5000, 500 * 2 ** tries));
    }
  }
  jobs.resume();
  await buildGallery();
  const first = newest();
  if (!current() && first && jobs.runs.length === 0) show([first]);
}

async function main(): Promise<void> {
  document.title = 'Darkroom';
  translate(document);
  onUnauthorized(askForKey);
  buildTheme();
  buildTasks();
  buildTools();
  await state.restore();
  buildPrompt();
  buildSource();
  buildForm();
  buildStage();
  buildWorkspace();
  buildDrop();
  const form = byId<HTMLFormElement>('form');
  form.addEventListener('submit', event => { event.preventDefault(); void generate(); });
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !document.querySelector('dialog[open]')) { event.preventDefault(); void generate(); }
  });
  await start();
  document.documentElement.dataset.ready = 'true'; // for who drives the page
}

window.addEventListener('unhandledrejection', event => tell(String((event.reason as Error)?.message ?? event.reason)));
void main();
