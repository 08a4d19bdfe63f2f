// What every spec stands on: the built program with a fresh installation on a free port, one for each worker (a spec
// that wants its own calls `start`), a page that fails on console errors, and axe.
import { test as base, expect } from '@playwright/test';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const program = process.env.KEFU_PROGRAM ?? join(root, 'target/debug/kefu');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Starts the program with an empty database. `env` adds or replaces variables. */
export async function start(env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kefu-'));
  // PostgreSQL runs as another user when we are root.
  chmodSync(folder, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    ...process.env,
    KEFU_LISTEN: `127.0.0.1:${port}`,
    KEFU_PUBLIC_URL: url,
    KEFU_DATA_DIR: join(folder, 'data'),
    KEFU_PRIVATE_MAIL_HOSTS: 'true',
    KEFU_LOG: 'info',
    ...env,
  };
  const child = spawn(program, ['serve'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const ended = new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));

  const kefu = {
    url,
    port,
    folder,
    /** Everything it has logged. */
    log: () => log,
    /** Runs a sub-command beside the server: its output, or an error with it. */
    run(...words) {
      const made = spawnSync(program, words, { env: environment, encoding: 'utf8' });
      if (made.status !== 0) throw new Error(`kefu ${words.join(' ')}: ${made.stderr}${made.stdout}`);
      return made.stdout;
    },
    /** Asks it to stop and waits: its exit code. */
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
      const code = await ended;
      clearTimeout(late);
      const left = code === 0 && existsSync(join(folder, 'data/postgres/cluster/postmaster.pid'));
      if (left) throw new Error(`PostgreSQL still runs in ${folder}`);
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };

  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return kefu;
    await new Promise((done) => setTimeout(done, 50));
  }
  await kefu.stop();
  throw new Error(`${program} did not become ready:\n${log}`);
}

/** Serious and critical findings of axe on the page as it is now. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return found.violations
    .filter((violation) => ['serious', 'critical'].includes(violation.impact))
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

export const test = base.extend({
  /** The running program of this worker. */
  kefu: [
    async ({}, use) => {
      const kefu = await start();
      await use(kefu);
      const code = await kefu.stop();
      if (code !== 0) throw new Error(`kefu ended with ${code}:\n${kefu.log()}`);
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ kefu }, use) => use(kefu.url),
  page: async ({ page }, use) => {
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => {
      // The status of a page that is meant to fail is not an error of ours.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) wrong.push(message.text());
    });
    await use(page);
    expect(wrong, 'errors in the browser').toEqual([]);
  },
});

export { expect };
