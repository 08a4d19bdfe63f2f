// A mail's own page inside a ticket: it is as tall as what stands in it, it follows the theme, and it asks other sites for
// nothing until somebody wants their pictures — with and without scripting.
import { axe, errorsOf, expect, letter, signIn, start, test } from './kefu.mjs';

const COMPANY = '来信公司';
const ADMIN = 'admin@frame.example';
const BANNER = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="300"></svg>';
const LAYOUT = `<table><tr><td><img src="https://spy.example/banner.png" alt="横幅"></td></tr>${'<tr><td>每周新品，限时优惠</td></tr>'.repeat(40)}</table>`;

let kefu;
let state;
let ticket;

test.beforeAll(async ({ browser }) => {
  kefu = await start();
  kefu.company(COMPANY, ADMIN);
  kefu.mail(COMPANY, 'help@frame.example', letter({ from: 'news@mail.example', name: '周报', subject: '每周新品', text: '每周新品', html: LAYOUT }));
  const context = await browser.newContext({ baseURL: kefu.url, locale: 'zh-CN' });
  const page = await context.newPage();
  await signIn(page, ADMIN);
  await page.goto('/tickets?view=all');
  ticket = await page.locator('.tickets tbody .c-title a').first().getAttribute('href');
  state = await context.storageState();
  await context.close();
});
test.afterAll(async () => {
  await kefu?.stop();
});

/** The ticket in a browser that hears what is asked of other sites. */
async function opened(browser, options) {
  const context = await browser.newContext({ baseURL: kefu.url, storageState: state, locale: 'zh-CN', ...options });
  const asked = [];
  await context.route('https://spy.example/**', (route) => (asked.push(route.request().headers()), route.fulfill({ body: BANNER, contentType: 'image/svg+xml' })));
  const page = await context.newPage();
  const wrong = errorsOf(page);
  await page.goto(ticket);
  return { context, page, asked, wrong, frame: page.frameLocator('.mail-view iframe'), element: page.locator('.mail-view iframe') };
}

test('it is as tall as the mail, and pictures come on click', async ({ browser }) => {
  const { context, page, asked, wrong, frame, element } = await opened(browser, {});
  await expect(frame.getByText('有 1 张远程图片没有载入')).toBeVisible();
  await expect.poll(() => element.evaluate((one) => one.contentDocument.scrollingElement.scrollHeight - one.clientHeight)).toBe(0);
  const before = await element.evaluate((one) => one.clientHeight);
  expect(before, 'forty lines').toBeGreaterThan(700);
  expect(asked).toEqual([]);
  expect(await axe(page)).toEqual([]);

  await page.locator('form.composer textarea').first().fill('正在写的回复');
  await frame.getByRole('link', { name: '载入图片' }).click();
  await expect(frame.locator('img')).toBeVisible();
  await expect(frame.getByText('没有载入')).toHaveCount(0);
  expect(asked.map((headers) => headers.referer)).toEqual([undefined]);
  await expect.poll(() => element.evaluate((one) => one.clientHeight), 'it grows with the picture').toBeGreaterThan(before + 200);
  await expect(page.locator('form.composer textarea').first(), 'nothing else was touched').toHaveValue('正在写的回复');
  expect(wrong).toEqual([]);
  await context.close();
});

test('without scripting the frame has a height, scrolls, can be pulled, and the link works', async ({ browser }) => {
  const { context, page, asked, frame, element } = await opened(browser, { javaScriptEnabled: false, locale: 'en-GB' });
  await expect(element).toHaveAttribute('height', /^\d{2,3}$/);
  await expect(page.locator('.mail-view')).toHaveCSS('resize', 'vertical');
  expect(asked).toEqual([]);
  await frame.getByRole('link', { name: 'Load images' }).click();
  await expect(frame.locator('img')).toBeVisible();
  expect(asked.length).toBe(1);
  await context.close();
});

test('it follows the theme', async ({ browser }) => {
  for (const [colorScheme, paper] of [['light', 'rgb(255, 255, 255)'], ['dark', 'oklch(0.212 0.013 245)']]) {
    const { context, element } = await opened(browser, { colorScheme });
    await expect.poll(() => element.evaluate((one) => getComputedStyle(one.contentDocument.documentElement).backgroundColor)).toBe(paper);
    await context.close();
  }
});

test('the frame of the ledger grows when the history in it is unfolded', async ({ browser }) => {
  const text = `<p>收到</p><div class="gmail_quote"><blockquote>${LAYOUT}</blockquote></div>`;
  kefu.mail(COMPANY, 'help@frame.example', letter({ from: 'he@mail.example', subject: '有历史', text: '收到', html: text }));
  const { context, page, frame, element } = await opened(browser, {});
  await page.goto('/mail');
  await page.getByRole('link', { name: '有历史' }).first().click();
  await expect(frame.getByText('收到')).toBeVisible();
  await expect.poll(() => element.evaluate((one) => one.clientHeight)).toBeLessThan(200);
  await frame.locator('summary').click();
  await expect.poll(() => element.evaluate((one) => one.contentDocument.scrollingElement.scrollHeight - one.clientHeight)).toBe(0);
  await expect.poll(() => element.evaluate((one) => one.clientHeight)).toBeGreaterThan(700);
  await context.close();
});
