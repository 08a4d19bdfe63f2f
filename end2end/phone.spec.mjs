// Two agents phone each other over the simulated switch, each in a browser of their own: the bar follows without loading the
// page again, survives a reload and a second tab, and hears Alt and a letter.
import { expect, signIn, test as base } from './kefu.mjs';

const ADMIN = 'admin@phone.example';

const test = base.extend({
  company: [
    async ({ kefu }, use) => {
      kefu.company('电话公司', ADMIN);
      await use('电话公司');
    },
    { scope: 'worker' },
  ],
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const bar = (page) => page.getByRole('group', { name: '电话条' });
/** The state as the bar says it; the list of states in its panel does not count. */
const state = (page) => page.locator('#phone .state b').first();

test('a call rings, is answered by a key, held, and over', async ({ page, company }) => {
  expect(company).toBe('电话公司');
  await signIn(page, ADMIN);
  await page.goto('/settings/phones');
  await page.getByRole('textbox', { name: '公司的分机，每行一个' }).fill('8001');
  await button(page, '保存分机').click();
  await page.goto('/settings/switches/new');
  await page.getByRole('textbox', { name: '名称' }).fill('模拟');
  await page.getByLabel('类型').selectOption('simulated');
  await page.getByLabel('启用').check();
  await page.getByRole('button', { name: /保存|新建/ }).last().click();
  await page.goto('/settings/phones');
  await page.getByRole('rowheader').getByRole('link').first().click();
  await page.getByRole('combobox', { name: 'SIP分机' }).selectOption('8001');
  await button(page, '保存电话账号').click();
  await expect(state(page)).toHaveText('空闲');

  // Collapsed, a click on the state switches it; expanded, there is nothing to click.
  await bar(page).getByRole('button', { name: /空闲/ }).click();
  await expect(state(page)).toHaveText('忙碌');
  await bar(page).getByRole('button', { name: /忙碌/ }).click();
  await expect(state(page)).toHaveText('空闲');
  await page.locator('#phone summary').click();
  await expect(bar(page).locator('.click')).toBeHidden();
  await page.locator('#phone summary').click();

  const second = await page.context().newPage();
  await second.goto('/settings/switches/simulated');
  await button(second, '打进来').click();
  await expect(state(page)).toHaveText('呼入振铃');
  await expect(page.getByRole('alert').filter({ hasText: '13800138000' })).toBeVisible();
  await page.keyboard.press('Alt+a');
  await expect(state(page)).toHaveText('呼入通话中');
  await expect(state(second)).toHaveText('呼入通话中');
  await page.keyboard.press('Alt+h');
  await expect(state(page)).toHaveText('保持中');
  await page.reload();
  await expect(state(page)).toHaveText('保持中');
  await page.keyboard.press('Alt+e');
  await expect(state(page)).toHaveText('后处理');
});
