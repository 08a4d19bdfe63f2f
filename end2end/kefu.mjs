// What every spec stands on: the built program with a fresh installation on a free port, one for each worker (a spec
// that wants its own calls `start`), a page that fails on console errors, and axe.
import { test as base, expect } from '@playwright/test';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const program = process.env.KEFU_PROGRAM ?? join(root, 'target/debug/kefu');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Of everybody a spec makes. */
export const PASSWORD = '清晨的第一班地铁';

const base64 = (text) => Buffer.from(text, 'utf8').toString('base64');
const word = (text) => `=?utf-8?B?${base64(text)}?=`;
let letters = 0;

/** A mail as it comes over the wire. `files`: name → content. */
export function letter({ from, name = '', to = 'service@example.com', subject, text, html, files = {}, headers = '' }) {
  letters += 1;
  const part = (type, more, body) =>
    `Content-Type: ${type}\r\n${more}Content-Transfer-Encoding: base64\r\n\r\n${base64(body).replace(/.{76}/g, '$&\r\n')}\r\n`;
  const joined = (kind, parts) =>
    `Content-Type: multipart/${kind}; boundary="=${kind}="\r\n\r\n${parts.map((one) => `--=${kind}=\r\n${one}`).join('')}--=${kind}=--\r\n`;
  const bodies = [];
  if (text !== undefined) bodies.push(part('text/plain; charset=utf-8', '', text));
  if (html !== undefined) bodies.push(part('text/html; charset=utf-8', '', html));
  const body = bodies.length > 1 ? joined('alternative', bodies) : bodies[0];
  const attached = Object.entries(files).map(([file, content]) =>
    part('application/octet-stream', `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(file)}\r\n`, content),
  );
  return (
    `From: ${name ? `${word(name)} ` : ''}<${from}>\r\nTo: <${to}>\r\nSubject: ${word(subject)}\r\n` +
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}\r\nMessage-ID: <${Date.now()}.${letters}@mail.example>\r\n` +
    `MIME-Version: 1.0\r\n${headers}${attached.length > 0 ? joined('mixed', [body, ...attached]) : body}`
  );
}

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
  const orphan = () => child.kill('SIGTERM');
  process.once('exit', orphan);
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
    /** Makes a company with its super admin, whose password is `PASSWORD`. */
    company(name, email) {
      const file = join(folder, 'password');
      writeFileSync(file, PASSWORD);
      kefu.run('company', 'create', '--name', name, '--time-zone', 'Asia/Shanghai', '--admin-email', email, '--admin-password-file', file);
      rmSync(file);
    },
    /** Feeds mails through the pipeline beside the running server: what was reported of each. */
    mail(company, mailbox, ...letters) {
      const files = letters.map((letter, at) => join(folder, `${at}.eml`));
      letters.forEach((letter, at) => writeFileSync(files[at], letter));
      const told = kefu.run('mail', 'import', '--company', company, '--mailbox', mailbox, ...files);
      return told.trim().split('\n').map((line) => JSON.parse(line));
    },
    /** Asks it to stop and waits: its exit code. */
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
      const code = await ended;
      process.off('exit', orphan);
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

/** What goes wrong in a page from now on: uncaught errors and everything its console calls an error. */
export function errorsOf(page) {
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`${page.url()}: ${error}`));
  page.on('console', (message) => {
    // The status of a page that is meant to fail is not an error of ours, nor is Playwright's look into a mail's frame.
    const meant = /Failed to load resource|^Blocked script execution in '[^']*\/body[^']*' because the document's frame is sandboxed/;
    if (message.type() === 'error' && !meant.test(message.text())) wrong.push(`${page.url()}: ${message.text()}`);
  });
  return wrong;
}

/** Signs in on the page's own browser context. */
export async function signIn(page, email, password = PASSWORD) {
  await page.goto('/sign-in');
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('form[action="/do/sign_in"] [type=submit]').click();
  await page.locator('nav.rail').waitFor();
}

/** Makes a colleague of the signed-in administrator, activated, in the first group: a page where they are signed in. */
export async function colleague(admin, { email, name }) {
  const browser = admin.context().browser();
  await admin.goto('/settings/agents/new');
  const password = await admin.locator('[name="input[password]"]').inputValue();
  await admin.locator('[name="input[email]"]').fill(email);
  await admin.locator('[name="input[name]"]').fill(name);
  await admin.locator('[name="input[role]"]').selectOption('ticket_admin');
  await admin.locator('[name="input[groups][]"]').first().check();
  await admin.locator('.savebar [type=submit]').click();
  await admin.waitForURL(/agents\/[0-9a-f-]{36}$/);
  const link = (await mailOut(admin, email)).match(/\/activate\/[\w-]+/)[0];
  const context = await browser.newContext({ baseURL: new URL(admin.url()).origin, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await page.goto(link);
  await page.locator('[type=password]').fill(password);
  await page.locator('main [type=submit]').click();
  await page.waitForURL(/profile$/);
  await page.locator('main [type=submit]').click();
  await page.locator('nav.rail').waitFor();
  return page;
}

/** The decoded text of the newest outgoing mail to an address, from its source in the ledger; it waits for it. */
export async function mailOut(page, to) {
  let found = '';
  await expect
    .poll(async () => {
      const ledger = await (await page.request.get(`/mail?way=out&q=${encodeURIComponent(to)}`)).text();
      const [, id] = ledger.match(/href="\/mail\/([0-9a-f-]{36})/) ?? [];
      if (!id) return false;
      found = readMail(await (await page.request.get(`/mail/${id}/source`)).text());
      return true;
    })
    .toBe(true);
  return found;
}

/** Every text of a raw mail, with quoted-printable and base64 undone. */
export function readMail(raw) {
  return raw
    .split(/\r?\n--/)
    .map((part) => {
      const [head, ...rest] = part.split(/\r?\n\r?\n/);
      const body = rest.join('\n\n');
      if (/transfer-encoding: *base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
      if (!/transfer-encoding: *quoted-printable/i.test(head)) return body;
      const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
      return Buffer.from(bytes, 'latin1').toString('utf8');
    })
    .join('\n');
}

/** Serious and critical findings of axe on the page as it is now. `rules`: tags, or names of rules. Colours cost as much
 * as everything else together: `colours` can leave them out. */
export async function axe(page, { rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], colours = true } = {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const found = await page.evaluate(
    ([runOnly, colours]) => {
      // Colours on their way from one theme to the other are no colours of ours, and a page in the background never gets
      // there by itself. What inherits a colour starts when its parent has arrived: one generation after the other.
      // (Animations that follow scrolling, and those without an end, cannot be finished.)
      const ends = (animation) => animation.timeline === document.timeline && animation.effect.getComputedTiming().endTime !== Infinity;
      for (let generation = 0; generation < 30; generation += 1) {
        const moving = document.getAnimations().filter((animation) => animation.playState !== 'finished' && ends(animation));
        if (moving.length === 0) break;
        for (const animation of moving) animation.finish();
      }
      const without = colours ? {} : { rules: { 'color-contrast': { enabled: false } } };
      return globalThis.axe.run(document, { runOnly, ...without, resultTypes: ['violations'] });
    },
    [rules, colours],
  );
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
  /** A program of this test alone. */
  fresh: async ({}, use) => {
    const kefu = await start();
    await use(kefu);
    expect(await kefu.stop(), 'how kefu ended').toBe(0);
  },
  baseURL: async ({ kefu }, use) => use(kefu.url),
  page: async ({ page }, use) => {
    const wrong = errorsOf(page);
    await use(page);
    expect(wrong, 'errors in the browser').toEqual([]);
  },
});

export { expect };
