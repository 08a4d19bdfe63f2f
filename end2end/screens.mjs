// The pictures of the README, taken of the demo company in a program that runs.
// Usage: node end2end/screens.mjs http://127.0.0.1:8080
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';

const [base] = process.argv.slice(2);
const place = new URL('../style/screens/', import.meta.url).pathname;
mkdirSync(place, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

async function screen(name, { lang, theme, width = 1440, height = 900 }, open) {
  const context = await browser.newContext({ viewport: { width, height }, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', colorScheme: theme });
  const page = await context.newPage();
  await page.goto(`${base}/welcome?lang=${lang}`);
  await page.click('form.demo button[type=submit]');
  await page.waitForURL((url) => !url.pathname.startsWith('/welcome'));
  await page.request.post(`${base}/do/language`, { form: { 'input[lang]': lang, 'input[back]': '/' }, headers: { origin: base, referer: `${base}/` } });
  await open(page);
  // What moves stands still first.
  await page.waitForTimeout(1200);
  await page.screenshot({ path: `${place}${name}.png` });
  await context.close();
}

const list = (page) => page.goto(`${base}/tickets?view=all`);
const ticket = async (page) => {
  await list(page);
  await page.locator('main table tbody a').nth(5).click();
  await page.waitForLoadState();
};
await screen('tickets-zh-light', { lang: 'zh', theme: 'light' }, list);
await screen('ticket-en-dark', { lang: 'en', theme: 'dark' }, ticket);
await screen('report-en-light', { lang: 'en', theme: 'light' }, (page) => page.goto(`${base}/reports/ticket-satisfaction`));
await screen('report-zh-dark', { lang: 'zh', theme: 'dark' }, (page) => page.goto(`${base}/reports/ticket-satisfaction`));
await screen('phone-zh-light', { lang: 'zh', theme: 'light', width: 390, height: 844 }, list);
await browser.close();
