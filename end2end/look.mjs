import { chromium } from '@playwright/test';
const url = process.argv[2];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const [locale, theme, width] of [['zh-CN', 'light', 1440], ['en', 'dark', 1440], ['zh-CN', 'dark', 360]]) {
  const context = await browser.newContext({ baseURL: url, locale, colorScheme: theme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto('/welcome');
  const enter = page.getByRole('button', { name: /进入演示|Enter the demo|demo/i }).first();
  await enter.click();
  await page.waitForURL(/\/$/);
  if ((await page.locator('html').getAttribute('lang')) !== locale) { await page.goto('/'); await page.locator('form[action="/do/language"] button').first().evaluate((b) => b.click()); await page.waitForLoadState(); }
  const shot = async (name) => page.screenshot({ path: `/var/tmp/look/${name}-${locale}-${theme}-${width}.png`, fullPage: true });
  await page.goto('/settings/triggers'); await shot('list');
  await page.locator('ol.order a.to').nth(1).click(); await page.waitForLoadState(); await shot('edit');
  await page.goto('/settings/triggers/new');
  await page.locator('#trigger-name').fill('账单归财务');
  await page.locator('#trigger-all-0--field-').selectOption('mailbox'); await page.waitForLoadState('networkidle'); await page.waitForTimeout(800); await shot('new');
  await page.goto('/settings/triggers'); const href = await page.locator('ol.order a[href$="/runs"]').first().getAttribute('href');
  await page.goto(href); for (const one of await page.locator('details summary').all()) { await one.click(); break; } await shot('runs');
  await context.close();
}
await browser.close();
