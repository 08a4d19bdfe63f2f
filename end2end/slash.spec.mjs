// Preset replies and macros by `/` in the composer: the list opens at the beginning of a word only, goes by keys and mouse,
// and what is inserted is the ticket's own.
import { axe, expect, letter, signIn, start, test as base } from './kefu.mjs';

const ADMIN = 'boss@slash.example';
const COMPANY = '快捷回复公司';
const MAILBOX = 'service@slash.example';

const test = base.extend({
  office: [
    async ({}, use) => {
      const kefu = await start();
      kefu.company(COMPANY, ADMIN);
      await use(kefu);
      expect(await kefu.stop(), 'how kefu ended').toBe(0);
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ office }, use) => use(office.url),
  /** A ticket by mail, and what can be inserted into it. */
  desk: async ({ page, office }, use, info) => {
    const subject = `退款 ${info.testId.slice(-6)}${info.retry}`;
    office.mail(COMPANY, MAILBOX, letter({ from: `c${info.testId.slice(-6)}@example.net`, name: '何静', to: MAILBOX, subject, text: '什么时候到账？' }));
    await signIn(page, ADMIN);
    await page.goto('/settings/presets');
    if (await page.getByText('还没有快捷回复').isVisible()) {
      await preset(page, 'reply', { 名称: '退款时效', 快捷词: 'tk' }, '{{customer}}您好，三天到账。');
      await preset(page, 'reply', { 名称: '开票信息' }, '请提供抬头。');
      await page.goto('/settings/presets/new?kind=macro');
      await page.getByLabel('名称').fill('升级处理');
      await page.getByLabel('优先级').selectOption('urgent');
      await page.getByRole('button', { name: '保存宏' }).click();
    }
    await page.goto('/tickets?view=all');
    await page.locator('.tickets .c-title a', { hasText: subject }).first().click();
    await page.locator('form.composer .rich textarea').focus();
    await expect(page.locator('form.composer .rich-text')).toBeFocused();
    await use(page);
  },
});

async function preset(page, kind, fields, words) {
  await page.goto(`/settings/presets/new?kind=${kind}`);
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await page.locator('.rich textarea').focus();
  await expect(page.locator('.rich-text')).toBeFocused();
  await page.keyboard.insertText(words);
  await page.getByRole('button', { name: '保存快捷回复' }).click();
  await expect(page).toHaveURL('/settings/presets');
}

const list = (page) => page.getByRole('listbox', { name: '快捷回复与宏' });
const text = (page) => page.locator('form.composer .rich-text');

test('a slash opens the list, typing filters it, Enter inserts what is filled', async ({ desk: page }) => {
  await page.keyboard.type('您好 /');
  await expect(list(page).getByRole('option')).toHaveCount(3);
  await page.keyboard.type('tk');
  await expect(list(page).getByRole('option')).toHaveCount(1);
  await expect(text(page)).toHaveAttribute('aria-activedescendant', await list(page).getByRole('option').getAttribute('id'));
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(text(page)).toHaveText('您好 何静您好，三天到账。');
  await expect(list(page)).toBeHidden();
  await page.keyboard.type('谢谢');
  await expect(text(page)).toHaveText('您好 何静您好，三天到账。谢谢');
});

test('arrows choose, Escape leaves the slash as it is, the mouse inserts too', async ({ desk: page }) => {
  await page.keyboard.type('/');
  await expect(list(page).getByRole('option')).toHaveCount(3);
  await page.keyboard.press('ArrowDown');
  await expect(list(page).getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(list(page)).toBeHidden();
  await expect(text(page)).toHaveText('/');
  await page.keyboard.press('Enter');
  await page.keyboard.type('/kp');
  await list(page).getByRole('option', { name: '开票信息' }).click();
  await expect(text(page).locator('p').nth(1)).toHaveText('请提供抬头。');
});

/** Holds back what the list asks the server for, until the function that it gives is called. */
async function hold(page) {
  let release;
  const released = new Promise((done) => (release = done));
  await page.route('**/do/preset/find', async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test('Enter takes nothing of what was found before, and no macro that nobody has seen', async ({ desk: page }) => {
  await page.keyboard.type('/');
  await expect(list(page).getByRole('option')).toHaveCount(3);
  let release = await hold(page);
  await page.keyboard.type('kp');
  await page.keyboard.press('Enter');
  await expect(text(page)).toHaveText('/kp');
  await expect(list(page).getByRole('option')).toHaveCount(3);
  release();
  await expect(text(page)).toHaveText('请提供抬头。');
  await expect(list(page)).toBeHidden();
  await page.keyboard.type(' /');
  await expect(list(page).getByRole('option')).toHaveCount(3);
  release = await hold(page);
  await page.keyboard.type('sjcl');
  await page.keyboard.press('Enter');
  release();
  await expect(list(page).getByRole('option')).toHaveText([/升级处理/]);
  await expect(text(page)).toHaveText('请提供抬头。 /sjcl');
  await expect(page.getByText('已用宏')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page.getByText('已用宏“升级处理”：优先级改为 紧急')).toBeVisible();
});

test('where nothing matches, the text points at no row', async ({ desk: page }) => {
  await page.keyboard.type('/');
  await expect(text(page)).toHaveAttribute('aria-controls', /slash/);
  await page.keyboard.type('zzz');
  await expect(list(page)).toBeHidden();
  for (const name of ['aria-activedescendant', 'aria-controls', 'aria-autocomplete']) await expect(text(page)).not.toHaveAttribute(name);
});

test('a macro does not take away files that were chosen', async ({ desk: page }) => {
  const files = page.locator('#ticket_reply-files');
  await files.setInputFiles({ name: '发票.txt', mimeType: 'text/plain', buffer: Buffer.from('发票') });
  await text(page).focus();
  await page.keyboard.type('/sjcl');
  await list(page).getByRole('option', { name: /升级处理/ }).click();
  await expect(page.getByText('选好的附件留不下来')).toBeVisible();
  await expect(page.getByText('已用宏')).toHaveCount(0);
  expect(await files.evaluate((field) => field.files.length)).toBe(1);
  await files.setInputFiles([]);
  await page.getByRole('button', { name: '插入', exact: true }).click();
  await expect(page.getByText('已用宏“升级处理”：优先级改为 紧急')).toBeVisible();
});

test('inside a word or an address a slash is a slash', async ({ desk: page }) => {
  for (const words of ['和/或', 'https://shop.example/tk', '1/2']) {
    await page.keyboard.type(words);
    await page.waitForTimeout(300);
    await expect(list(page)).toBeHidden();
    await page.keyboard.press('Enter');
  }
});

test('a macro of the list acts, and what was typed stays', async ({ desk: page }) => {
  await page.keyboard.type('还没写完 ');
  await page.keyboard.type('/sjcl');
  await list(page).getByRole('option', { name: /升级处理/ }).click();
  await expect(page.getByText('已用宏“升级处理”：优先级改为 紧急')).toBeVisible();
  await expect(text(page)).toHaveText('还没写完');
});
