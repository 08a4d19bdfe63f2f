// The program starts, says so, and an empty installation offers its first visit.
import { axe, expect, start, test } from './kefu.mjs';

test('says that it lives and is ready', async ({ kefu, request }) => {
  expect((await request.get('/healthz')).status()).toBe(200);
  expect((await request.get('/readyz')).status()).toBe(200);
  expect((await request.get('/metrics')).status()).toBe(404);
  expect(kefu.log()).toContain(kefu.url);
});

for (const lang of ['zh-CN', 'en']) {
  test(`an empty installation offers its first visit (${lang})`, async ({ browser, kefu }) => {
    const context = await browser.newContext({ locale: lang, baseURL: kefu.url });
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.locator('form[method=post]').first()).toBeVisible();
    expect(await axe(page)).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });
}

test('stops cleanly and keeps what it has', async () => {
  const kefu = await start();
  expect((await fetch(`${kefu.url}/healthz`)).ok).toBe(true);
  expect(await kefu.stop()).toBe(0);
});
