// Every page of the route table in both languages, and in both themes: no serious finding of axe, nothing in the browser's
// console, nothing to scroll sideways on a phone. The table is read from the program's source and the addresses are
// found by following links, so that a page that no link leads to, or that is forgotten here, fails the run.
import { readFileSync } from 'node:fs';
import { axe, errorsOf, expect, letter, mailOut, start, test } from './kefu.mjs';

const SOURCE = readFileSync(new URL('../src/web/routes.rs', import.meta.url), 'utf8');
const ROUTES = [...SOURCE.matchAll(/^ {4}(public|signed_in|console|answer)!\(\s*"([^"]+)"/gm)].map(([, kind, path]) => ({
  kind,
  path,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The route of an address: one without parts wins, as in the router. */
function routeOf(address) {
  const { pathname } = new URL(address, 'http://kefu');
  const fitting = ROUTES.filter((route) => route.pattern.test(pathname));
  return fitting.find((route) => !route.path.includes('{')) ?? fitting[0];
}

test.describe.configure({ mode: 'serial' });

let kefu;
let admin;
/** Route path → an address of it. */
const found = new Map();

/** Follows links until every route was seen or nothing new is found; of each route the first addresses only. */
async function crawl(request, beginnings) {
  const waiting = [...beginnings];
  const seen = new Set(beginnings);
  const taken = new Map();
  while (waiting.length > 0) {
    const address = waiting.shift();
    const answer = await request.get(address, { maxRedirects: 0 });
    expect(answer.status(), `${address} is linked`).toBeLessThan(400);
    const route = routeOf(address);
    if (route && answer.status() === 200 && !found.has(route.path)) found.set(route.path, address);
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    for (const [, attribute] of (await answer.text()).matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
      const link = attribute.replaceAll('&amp;', '&').split('#')[0];
      const next = routeOf(link);
      if (!next || seen.has(link) || (taken.get(next.path) ?? 0) >= 4) continue;
      taken.set(next.path, (taken.get(next.path) ?? 0) + 1);
      seen.add(link);
      waiting.push(link);
    }
  }
}

test.beforeAll(async ({ browser, playwright }) => {
  test.setTimeout(300_000);
  kefu = await start();
  kefu.run('demo', 'load');
  const context = await browser.newContext({ baseURL: kefu.url, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto('/');
  found.set('/welcome', '/welcome');
  await page.getByRole('button', { name: '进入演示' }).click();
  await page.getByRole('heading', { level: 1, name: '林悦' }).waitFor();

  // What the demo does not have: a kept view, an own permission group, an application, an import, an export, a mail with a picture.
  await page.goto('/tickets?view=all&priority=urgent');
  await page.getByRole('button', { name: '存为视图' }).click();
  await page.getByLabel('视图名称').fill('紧急的');
  await page.getByRole('button', { name: '保存视图' }).click();
  await page.goto('/settings/permissions/new?role=ticket_agent');
  await page.getByLabel('名称').fill('夜班');
  await page.getByRole('button', { name: '新建权限组', exact: true }).click();
  await page.goto('/me/presets/new?kind=reply');
  await page.getByLabel('名称').fill('稍等');
  await page.locator('[name="input[text]"]').fill('请稍等。');
  await page.getByRole('button', { name: '保存快捷回复' }).click();
  await page.waitForURL('/me/presets');
  await page.goto('/settings/apps/new');
  await page.getByLabel('名称').fill('商城后台');
  await page.getByRole('checkbox', { name: '查询工单' }).check();
  await page.getByRole('button', { name: '创建应用' }).click();
  await page.waitForURL(/settings\/apps\/./);
  await page.goto('/settings/configuration');
  await page.locator('input[type=file]').setInputFiles({ name: 'kefu.toml', mimeType: 'text/plain', buffer: Buffer.from('format = 1\n[[unit]]\nname = "华东"\n') });
  await page.locator('form:has(input[type=file]) button[type=submit]').click();
  await page.waitForURL(/configuration\/plan\/./);
  found.set('/settings/configuration/plan/{id}', new URL(page.url()).pathname);
  await page.goto('/settings/agents/import');
  await page.getByLabel('CSV 文件').setInputFiles({ name: '客服.csv', mimeType: 'text/csv', buffer: Buffer.from('邮箱,姓名\nnew@demo.example,新同事\n不是邮箱,谁\n') });
  await page.getByRole('button', { name: '导入客服' }).click();
  await page.waitForURL(/agents\/import\/./);
  found.set('/settings/agents/import/{id}', new URL(page.url()).pathname);
  kefu.mail('演示公司', 'service@demo.example', letter({ from: 'a@mail.example', name: '王小明', subject: '照片', html: '<p>请看<b>照片</b></p><img src="https://elsewhere.example/1.png">', files: { '说明.txt': '说明' } }));

  // Links that only mails carry.
  await page.goto('/settings/agents/new');
  const password = await page.getByRole('textbox', { name: '初始密码' }).inputValue();
  await page.getByLabel('登录邮箱').fill('invited@demo.example');
  await page.getByLabel('姓名').fill('受邀者');
  await page.getByRole('button', { name: '新建客服并发出邀请' }).click();
  const invitation = (await mailOut(page, 'invited@demo.example')).match(/\/activate\/[\w-]+/)[0];
  found.set('/activate/{token}', invitation);
  const ledger = await (await page.request.get('/mail?way=out')).text();
  for (const [, id] of ledger.matchAll(/href="\/mail\/([0-9a-f-]{36})/g)) {
    const rating = Buffer.from(await (await page.request.get(`/mail/${id}/source`)).body()).toString('latin1').replace(/=\r?\n/g, '').match(/\/r\/[\w-]{20,}/);
    if (rating) found.set('/r/{token}', rating[0]);
    if (rating) break;
  }
  for (const [, link] of (await (await page.request.get('/tickets?view=all')).text()).matchAll(/href="(\/tickets\/[0-9a-f-]{36})/g)) {
    await page.goto(link);
    const ask = page.getByRole('button', { name: '请客户填写' });
    if ((await ask.count()) === 0) continue;
    await ask.click();
    found.set('/f/{token}', new URL(await page.getByLabel('填写链接').inputValue()).pathname);
    break;
  }
  admin = await context.storageState();

  const visitor = await browser.newContext({ baseURL: kefu.url, locale: 'zh-CN' });
  const door = await visitor.newPage();
  await door.goto('/forgot');
  await door.getByLabel('邮箱').fill('linyue@demo.example');
  await door.getByRole('button', { name: '发送链接' }).click();
  found.set('/reset/{token}', (await mailOut(page, 'linyue@demo.example')).match(/\/reset\/[\w-]+/)[0]);
  await door.goto(invitation);
  await door.getByLabel('账号密码').fill(password);
  await door.getByRole('button', { name: '下一步' }).click();
  await door.waitForURL(/\/profile$/);
  found.set('/activate/{token}/profile', new URL(door.url()).pathname);
  await visitor.close();
  await context.close();

  const request = await playwright.request.newContext({ baseURL: kefu.url, storageState: admin });
  const ticket = (await (await request.get('/tickets?view=all')).text()).match(/name="tickets\[\]" value="([0-9a-f-]{36})"/)[1];
  await crawl(request, ['/', '/settings', '/tickets?view=all', `/tickets/bulk?tickets%5B%5D=${ticket}&act=agent`]);
  await request.dispose();
  // Before anybody is in, and the sheet of keys, which pages show as a dialog.
  found.set('/shortcuts', '/shortcuts');
  found.set('/sign-in', '/sign-in');
  found.set('/forgot', '/forgot');
});

test.afterAll(async () => {
  await kefu?.stop();
});

/** Everything that is wrong with the pages, each with its address. Colours are the same in every language: `themes` asks
 * for the second one too. */
async function walk(page, routes, themes) {
  const wrong = [];
  const errors = errorsOf(page);
  for (const route of routes) {
    const address = found.get(route.path);
    if (!address) {
      wrong.push(`${route.path}: no link leads there`);
      continue;
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    const answer = await page.goto(address);
    if (answer.status() !== 200) wrong.push(`${address}: answers ${answer.status()}`);
    for (const finding of await axe(page, { colours: themes })) wrong.push(`${address}: ${finding}`);
    if (themes) {
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const finding of await axe(page, { rules: ['color-contrast'] })) wrong.push(`${address} in the dark: ${finding}`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForFunction(() => innerWidth === 360 && document.fonts.status === 'loaded');
    const [width, widest] = await page.evaluate(() => {
      const past = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > 361);
      return [document.scrollingElement.scrollWidth, past.slice(0, 3).map((element) => `${element.tagName}.${element.className}`).join(' ')];
    });
    if (width > 360) wrong.push(`${address}: ${width} px wide on a phone: ${widest}`);
    for (const finding of await axe(page, { rules: themes ? ['target-size', 'color-contrast'] : ['target-size'] })) wrong.push(`${address} on a phone: ${finding}`);
  }
  return [...wrong, ...errors];
}

for (const [lang, locale, themes] of [
  ['zh', 'zh-CN', true],
  ['en', 'en', false],
]) {
  test(`every page is accessible and fits a phone (${lang})`, async ({ browser }) => {
    test.setTimeout(300_000);
    const options = { baseURL: kefu.url, locale, reducedMotion: 'reduce' };
    const [inside, outside] = [await browser.newContext({ ...options, storageState: admin }), await browser.newContext(options)];
    const first = await inside.newPage();
    await first.goto('/');
    if ((await first.locator('html').getAttribute('lang')) !== locale) await first.locator('form[action="/do/language"] button').click();
    await expect(first.locator('html')).toHaveAttribute('lang', locale);
    const console = ROUTES.filter((route) => route.kind === 'console' || route.kind === 'signed_in');
    expect(console.length).toBeGreaterThan(40);
    const half = Math.ceil(console.length / 2);
    const wrong = await Promise.all([
      walk(first, console.slice(0, half), themes),
      walk(await inside.newPage(), console.slice(half), themes),
      walk(await outside.newPage(), ROUTES.filter((route) => route.kind === 'public'), themes),
    ]);
    expect(wrong.flat()).toEqual([]);
    await inside.close();
    await outside.close();
  });
}
