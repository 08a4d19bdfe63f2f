import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
mkdirSync('/var/tmp/look', { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const base = 'http://127.0.0.1:8099';
const shots = async (name, options, lang, paths) => {
  const context = await browser.newContext({ baseURL: base, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('form[action="/do/demo/load"] button, form[action="/do/demo/enter"] button').first().click();
  await page.locator('nav.rail').waitFor({ state: 'attached' });
  if ((await page.locator('html').getAttribute('lang')).slice(0, 2) !== lang) {
    await page.goto('/');
    await page.locator('form[action="/do/language"] button').first().evaluate((b) => b.form.submit());
    await page.waitForLoadState();
  }
  const list = await (await page.request.get('/settings/triggers')).text();
  const ids = [...list.matchAll(/href="\/settings\/triggers\/([0-9a-f-]{36})"/g)].map((m) => m[1]);
  const runs = await (await page.request.get(`/settings/triggers/${ids.at(-1)}/runs`)).text();
  const ticket = runs.match(/href="\/tickets\/([0-9a-f-]{36})/)?.[1];
  for (const [key, path, act] of paths(ids, ticket)) {
    await page.goto(path);
    if (act) await act(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `/var/tmp/look/${name}-${key}.png`, fullPage: true });
  }
  await context.close();
};
const open = async (page) => { for (const s of (await page.locator('details > summary').all()).slice(0, 2)) await s.click(); };
const all = (ids, ticket) => [
  ['list', '/settings/triggers'],
  ['newtimed', '/settings/triggers/new?kind=timed'],
  ['edit', `/settings/triggers/${ids.at(-1)}`],
  ['tryflow', `/settings/triggers/${ids[2]}/try?urge_count=2`, open],
  ['trytimed', `/settings/triggers/${ids.at(-1)}/try`, open],
  ['runs', `/settings/triggers/${ids.at(-1)}/runs`, open],
  ['ticketruns', `/tickets/${ticket}/runs`, open],
];
const which = process.argv[2];
if (!which || which === 'zh') await shots('zh', { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'zh-CN' }, 'zh', all);
if (!which || which === 'en') await shots('en', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'en' }, 'en', all);
if (!which || which === 'ph') await shots('ph', { viewport: { width: 360, height: 740 }, colorScheme: 'light', locale: 'zh-CN' }, 'zh', all);
await browser.close();
