// What scripting adds: the palette, the box that finds a customer, the keys of lists, drafts, taking a reply back, news
// while the page is open, who else is here, dialogs by keyboard, theme and language.
import { axe, colleague, expect, letter, signIn, test as base } from './kefu.mjs';

const COMPANY = '岛屿公司';
const ADMIN = 'admin@islands.example';
const TITLES = ['第一件事', '第二件事', '第三件事', '第四件事'];

/** Where 李雷 is signed in, beside the administrator of each test. */
let lei;
/** Title → address and number of the ticket. */
let tickets;

const test = base.extend({
  place: [
    async ({ browser, kefu }, use) => {
      kefu.company(COMPANY, ADMIN);
      const letters = TITLES.map((title) => letter({ from: 'wang@mail.example', name: '王小明', subject: title, text: `${title}，请看看。` }));
      kefu.mail(COMPANY, 'help@islands.example', ...letters);
      const context = await browser.newContext({ baseURL: kefu.url, locale: 'zh-CN' });
      const page = await context.newPage();
      await signIn(page, ADMIN);
      lei = await colleague(page, { email: 'lei@islands.example', name: '李雷' });
      await page.goto('/tickets?view=all');
      tickets = new Map();
      for (const title of TITLES) {
        const row = page.getByRole('row').filter({ hasText: title });
        await expect(row).toHaveCount(1);
        const href = await row.getByRole('link', { name: title }).getAttribute('href');
        tickets.set(title, { href: href.split('?')[0], number: (await row.innerText()).match(/\d{12,}/)[0] });
      }
      const admin = await context.storageState();
      await context.close();
      await use(admin);
      await lei.context().close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  storageState: async ({ place }, use) => use(place),
});

/** What stands in a text field, rich or plain. */
const written = (field) => field.evaluate((element) => element.value ?? element.innerText);
const composer = (page) => page.getByRole('textbox', { name: '回复内容' });

/** Presses a key until the page answers: islands wake up a moment after the page is there. */
async function press(page, key, answer) {
  await expect(async () => {
    await page.keyboard.press(key);
    await answer(1000);
  }).toPass({ timeout: 10_000 });
}

test('the palette finds pages, tickets and words', async ({ page }) => {
  await page.goto('/');
  const palette = page.locator('dialog.palette');
  const opener = page.getByRole('link', { name: '搜索或跳转' });
  await opener.focus();
  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(opener).toBeFocused();

  // By pinyin initials, with the arrows, with Enter.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('kfz');
  await expect(palette.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(palette.getByRole('option', { name: '客服组' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/groups$/);

  // By the name in the other language.
  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await page.keyboard.type('mailboxes');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/mailboxes$/);

  // A number leads to its ticket.
  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await page.keyboard.type(tickets.get('第二件事').number);
  await page.keyboard.press('Enter');
  await expect(page.locator('main').getByText('第二件事').first()).toBeVisible();

  // Opened with the pointer, too.
  await page.goto('/');
  await expect(async () => {
    await page.getByRole('link', { name: '搜索或跳转' }).click();
    await expect(palette).toBeVisible({ timeout: 1000 });
  }).toPass();
  expect(new URL(page.url()).pathname).toBe('/');
});

test('the palette finds tickets and customers while one types', async ({ page }) => {
  const { href, number } = tickets.get('第三件事');
  const palette = page.locator('dialog.palette');
  await page.goto('/');
  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await page.keyboard.type('第三件');
  const ticket = palette.getByRole('group', { name: '工单' }).getByRole('option');
  await expect(ticket).toHaveCount(1);
  await expect(ticket).toContainText(number);
  await expect(ticket.locator('mark')).toHaveText('第三件');
  await expect(palette.getByRole('combobox')).toHaveAttribute('aria-activedescendant', await ticket.getAttribute('id'));
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${href}$`));

  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await page.keyboard.type('王小明');
  await expect(palette.getByRole('group', { name: '客户' }).getByRole('option')).toContainText('wang@mail.example');
  await palette.getByRole('group', { name: '客户' }).getByRole('option').click();
  await expect(page).toHaveURL(/\/customers\/[0-9a-f-]{36}$/);

  // A number leads to its ticket, even when Enter is faster than the answer.
  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await page.keyboard.type(`#${number}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${href}$`));
  await press(page, 'Control+k', (timeout) => expect(palette).toBeVisible({ timeout }));
  await page.keyboard.type(`#${Number(number.slice(-6))}`);
  await expect(palette.getByRole('group', { name: '工单' }).getByRole('option').first()).toContainText(number);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${href}$`));
});

test('the box finds a customer while one types', async ({ page }) => {
  await page.goto('/tickets/new?step=customer');
  const box = page.getByRole('combobox', { name: '查找客户' });
  const options = page.getByRole('listbox', { name: '查找客户' }).getByRole('option');
  await expect(async () => {
    await box.fill('');
    await box.pressSequentially('王小');
    await expect(options).toHaveCount(2, { timeout: 2000 });
  }).toPass();
  await expect(box).toHaveAttribute('aria-expanded', 'true');
  await expect(options.first()).toContainText('wang@mail.example');
  await expect(options.first().locator('mark')).toHaveText('王小');
  await expect(options.last()).toHaveText('新建客户 “王小”');
  await expect(box).toHaveAttribute('aria-activedescendant', await options.first().getAttribute('id'));
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(options).toHaveCount(0);
  await expect(box).toHaveValue('王小');
  await page.keyboard.press('ArrowDown');
  await expect(options).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/customer=[0-9a-f-]{36}/);
  await expect(page.getByRole('complementary', { name: '客户' })).toContainText('王小明');

  // Nobody of that name: somebody new, with what was typed.
  await page.goto('/tickets/new?step=customer');
  await expect(async () => {
    await box.fill('');
    await box.pressSequentially('new@shop.example');
    await expect(options).toHaveText(['新建客户 “new@shop.example”'], { timeout: 2000 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: '邮箱' })).toHaveValue('new@shop.example');
});

test('an input method composes in peace, and a late answer is no answer', async ({ page }) => {
  await page.goto('/tickets/new?step=customer');
  const box = page.getByRole('combobox', { name: '查找客户' });
  const options = page.getByRole('listbox', { name: '查找客户' }).getByRole('option');
  await expect(async () => {
    await box.fill('');
    await box.pressSequentially('王小');
    await expect(options).toHaveCount(2, { timeout: 2000 });
  }).toPass();
  await box.fill('');
  const asked = [];
  // The first question is answered after the second one.
  await page.route('**/do/customer/lookup', async (route) => {
    const text = decodeURIComponent(route.request().postData().split('=')[1]);
    asked.push(text);
    const name = `答“${text}”`;
    const answer = [{ id: text, title: name, facts: [], tag: '', href: '/customers' }];
    if (text === '慢的') await new Promise((done) => setTimeout(done, 1500));
    await route.fulfill({ json: answer }).catch(() => {});
  });
  await box.pressSequentially('慢的');
  await expect.poll(() => asked).toEqual(['慢的']);
  await box.fill('快的');
  await expect(options.first()).toHaveText('答“快的”');
  await page.waitForTimeout(2000);
  await expect(options.first()).toHaveText('答“快的”');

  const keyboard = await page.context().newCDPSession(page);
  await box.fill('');
  asked.length = 0;
  await keyboard.send('Input.imeSetComposition', { text: 'wang', selectionStart: 4, selectionEnd: 4 });
  await page.waitForTimeout(600);
  expect(asked).toEqual([]);
  // Enter belongs to the input method.
  const url = page.url();
  await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true });
  await keyboard.send('Input.insertText', { text: '王小明' });
  await expect.poll(() => asked).toEqual(['王小明']);
  await expect(options.first()).toHaveText('答“王小明”');
  await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true });
  await page.waitForTimeout(300);
  expect(page.url()).toBe(url);
});

test('a new ticket that is being typed outlives the page', async ({ page }) => {
  await page.goto('/tickets/new?new=true');
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await page.getByRole('textbox', { name: '客户昵称' }).fill('孙立');
  await page.getByRole('textbox', { name: '标题' }).fill('写到一半的工单');
  await page.locator('#ticket_new .rich textarea').focus();
  await expect(page.locator('#ticket_new .rich-text')).toBeFocused();
  await page.keyboard.type('先写这么多');
  await expect(page.locator('#ticket_new').getByRole('status').filter({ hasText: '草稿已存' })).toBeVisible();
  // The last words, typed less than a second and a half before the page is left.
  await page.keyboard.type('，再补一句');
  await page.goto('/tickets');
  await page.goto('/tickets/new');
  await expect(page.locator('.note')).toContainText('的草稿');
  await expect(page.getByRole('textbox', { name: '客户昵称' })).toHaveValue('孙立');
  await expect(page.getByRole('textbox', { name: '标题' })).toHaveValue('写到一半的工单');
  await expect.poll(() => page.locator('#ticket_new .rich-text').innerText()).toContain('先写这么多，再补一句');
  await page.getByRole('button', { name: '丢弃' }).click();
  await expect(page.locator('.toast')).toContainText('草稿已丢弃');
  await page.goto('/tickets/new');
  await expect(page.getByRole('combobox', { name: '查找客户' })).toBeVisible();
});

test('a list is worked through by keys', async ({ page }) => {
  await page.goto('/tickets?view=all&sort=created');
  const rows = page.locator('.tickets tbody tr');
  await expect(rows).toHaveCount(4);
  await press(page, 'j', (timeout) => expect(rows.nth(0)).toHaveClass(/\bat\b/, { timeout }));
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toHaveClass(/\bat\b/);
  await expect(rows.nth(1).getByRole('link').first()).toBeFocused();
  await page.keyboard.press('x');
  await expect(rows.nth(1).getByRole('checkbox')).toBeChecked();
  await expect(page.locator('form.bulk')).toBeVisible();
  await page.keyboard.press('k');
  await expect(rows.nth(0)).toHaveClass(/\bat\b/);
  // The box of the head takes all, and is only there with scripting.
  await page.getByRole('checkbox', { name: '选择本页全部' }).check();
  await expect(page.locator('.tickets .pick:checked')).toHaveCount(4);
  await page.getByRole('checkbox', { name: '选择本页全部' }).uncheck();
  await expect(page.locator('.tickets .pick:checked')).toHaveCount(0);

  const title = await rows.nth(0).getByRole('link').first().innerText();
  await rows.nth(0).getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  // In a ticket, J goes to the next one of the list; R writes.
  await press(page, 'j', (timeout) => expect(page.getByRole('heading', { level: 1 })).not.toHaveText(title, { timeout }));
  // The editor may take the place of the field, and the focus, at any moment.
  await press(page, 'r', (timeout) => expect(page.locator('form.composer .rich :focus')).toHaveCount(1, { timeout }));
  // Inside the field, letters are letters.
  await page.keyboard.type('jkx');
  expect(await written(composer(page))).toContain('jkx');
  // By keys: the editor may have taken the place of the field meanwhile.
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Backspace');
});

test('a draft outlives the page', async ({ page }) => {
  await page.goto(tickets.get('第一件事').href);
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await composer(page).click();
  await page.keyboard.type('写到一半的话');
  await expect(page.locator('form.composer').getByRole('status').filter({ hasText: '草稿已存' })).toBeVisible();
  await page.reload();
  await expect.poll(() => written(composer(page))).toContain('写到一半的话');
  await page.goto('/tickets?view=all');
  await expect(page.getByRole('row').filter({ hasText: '第一件事' })).toContainText('草稿');
  await page.goto(tickets.get('第一件事').href);
  await page.getByRole('button', { name: '放弃草稿' }).click();
  await expect.poll(() => written(composer(page))).not.toContain('写到一半的话');
});

test('a reply can be taken back within ten seconds', async ({ page }) => {
  await page.goto(tickets.get('第一件事').href);
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await composer(page).click();
  await page.keyboard.type('发早了的一句');
  await page.locator('form.composer input[type=file]').last().setInputFiles({ name: '附上.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.locator('main').getByText('发早了的一句')).toBeVisible();
  await expect(page.locator('progress')).toBeVisible();
  await page.getByRole('button', { name: '撤回' }).first().click();
  await expect(page.locator('progress')).toHaveCount(0);
  await expect.poll(() => written(composer(page))).toContain('发早了的一句');
  await expect(page.locator('form.composer')).toContainText('附上.txt');
  await page.getByRole('button', { name: '放弃草稿' }).click();
});

test('what was typed since a reply was sent is not lost when it is taken back', async ({ page }) => {
  await page.goto(tickets.get('第一件事').href);
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await composer(page).click();
  await page.keyboard.type('发早了的第一句');
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.locator('progress')).toBeVisible();
  await expect(() => composer(page).click({ timeout: 1000 })).toPass();
  await page.keyboard.type('发完又写的第二句');
  // At once: it is not even kept as a draft yet.
  await page.getByRole('button', { name: '撤回' }).first().click();
  await expect(page.locator('progress')).toHaveCount(0);
  await expect.poll(() => written(composer(page))).toMatch(/发早了的第一句[\s\S]*发完又写的第二句/);
  await page.getByRole('button', { name: '放弃草稿' }).click();
});

test('news comes while the page is open', async ({ page }) => {
  // Told is who handles it, follows it, or works in its group.
  await page.goto(tickets.get('第三件事').href);
  await page.getByRole('button', { name: '接手工单' }).click();
  await expect(page.getByRole('button', { name: '接手工单' })).toHaveCount(0);
  const list = await page.context().newPage();
  await Promise.all([list.goto('/tickets?view=all'), page.reload()]);
  const line = page.locator('.live-line');
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await lei.goto(tickets.get('第三件事').href);
  await lei.getByLabel('优先级').selectOption({ label: '紧急' });
  await lei.getByRole('button', { name: '保存属性' }).click();
  await expect(lei.locator('.toast')).toBeVisible();
  await expect(line).toBeVisible();
  await expect(list.locator('.live-line')).toContainText('1');
  await expect(list).toHaveTitle(/^\(1\) /);
  await list.locator('.live-line a').click();
  await expect(list.locator('.live-line')).toHaveCount(0);
  await expect(list.getByRole('row').filter({ hasText: '第三件事' })).toContainText('紧急');
});

test('of the tabs out of sight one holds a connection, and none misses anything', async ({ page }) => {
  await page.goto(tickets.get('第一件事').href);
  await page.getByRole('button', { name: '接手工单' }).click();
  await expect(page.getByRole('button', { name: '接手工单' })).toHaveCount(0);
  const streams = new Set();
  const isStream = (request) => new URL(request.url()).pathname === '/live';
  const other = await page.context().newPage();
  for (const one of [page, other]) {
    one.on('request', (request) => isStream(request) && streams.add(request));
    for (const end of ['requestfinished', 'requestfailed']) one.on(end, (request) => streams.delete(request));
    await one.goto('/tickets?view=all');
  }
  await expect.poll(() => streams.size).toBe(2);
  const show = (one, hidden) =>
    one.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  // The first one out of sight goes on hearing, the second waits in line.
  await show(other, true);
  await expect.poll(() => [...streams].filter((stream) => stream.frame().page() === other).length).toBe(1);
  await show(page, true);
  await expect.poll(() => streams.size).toBe(1);
  await lei.goto(tickets.get('第一件事').href);
  await lei.getByLabel('优先级').selectOption({ label: '紧急' });
  await lei.getByRole('button', { name: '保存属性' }).click();
  await expect(lei.locator('.toast')).toBeVisible();
  await lei.waitForTimeout(2500);
  await expect(other.locator('.live-line')).toContainText('1');
  await expect(page.locator('.live-line')).toHaveCount(0);
  await show(page, false);
  await expect(page.locator('.live-line')).toContainText('1');
  // It is the second one's turn when the first goes.
  await show(page, true);
  await expect.poll(() => [...streams].filter((stream) => stream.frame().page() === page).length).toBe(0);
  await other.close();
  await expect.poll(() => [...streams].filter((stream) => stream.frame().page() === page).length).toBe(1);
});

test('who else is here, and what was said meanwhile', async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto(tickets.get('第四件事').href);
  await page.getByRole('button', { name: '接手工单' }).click();
  await expect(page.getByRole('button', { name: '接手工单' })).toHaveCount(0);
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await lei.goto(tickets.get('第四件事').href);
  await expect(lei.locator('.note').filter({ hasText: '正在看这张工单' })).toBeVisible();
  await composer(page).click();
  await page.keyboard.type('我来答复');
  // Asked for every twenty seconds.
  await expect(lei.locator('.note').filter({ hasText: '正在写回复' })).toBeVisible({ timeout: 30_000 });

  await composer(lei).click();
  await lei.keyboard.type('先答复了');
  await lei.getByRole('button', { name: '发送回复' }).click();
  await expect(lei.locator('main').getByText('先答复了')).toBeVisible();
  await expect(page.locator('.live-line')).toBeVisible();
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.getByRole('alert')).toContainText('还没有发出');
  await expect(page.locator('main').getByText('先答复了')).toBeVisible();
  await expect.poll(() => written(composer(page))).toContain('我来答复');
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('two change the same properties: the second sees both', async ({ page }) => {
  await page.goto(tickets.get('第二件事').href);
  await lei.goto(tickets.get('第二件事').href);
  await lei.getByLabel('优先级').selectOption({ label: '高' });
  await lei.getByRole('button', { name: '保存属性' }).click();
  await expect(lei.locator('.toast')).toBeVisible();
  await page.getByLabel('优先级').selectOption({ label: '低' });
  await page.getByRole('button', { name: '保存属性' }).click();
  await expect(page.locator('main')).toContainText('李雷');
  await expect(page.getByLabel('优先级').last().locator('option:checked')).toHaveText('高');
});

test('dialogs by keyboard', async ({ page }) => {
  await page.goto('/settings/agents');
  await page.getByRole('link', { name: '李雷' }).click();
  const opener = page.getByRole('button', { name: '删除账号' }).first();
  await opener.focus();
  await page.keyboard.press('Enter');
  // The focus is on the harmless button.
  await expect(page.getByRole('button', { name: '保留账号' }).and(page.locator('#delete-agent *'))).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#delete-agent')).toBeHidden();
  await expect(opener).toBeFocused();
});

test('keys: the sheet, and two letters that lead on', async ({ page }) => {
  await page.goto('/');
  const sheet = page.getByRole('dialog', { name: '快捷键' });
  await press(page, 'Shift+?', (timeout) => expect(sheet).toBeVisible({ timeout }));
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/customers$/);
});

test('theme and language', async ({ page }) => {
  await page.goto('/tickets?view=all');
  const dark = () => page.evaluate(() => getComputedStyle(document.body).colorScheme + getComputedStyle(document.querySelector('main')).backgroundColor);
  const before = await dark();
  await page.getByRole('button', { name: /的菜单$/ }).click();
  await page.getByRole('button', { name: '深色' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await dark()).not.toBe(before);
  await page.getByRole('button', { name: /的菜单$/ }).click();
  await page.getByRole('button', { name: '跟随系统' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  // The same page, filter and all.
  await expect(page).toHaveURL(/\/tickets\?view=all/);
  await page.getByRole('button', { name: '简体中文' }).or(page.getByRole('button', { name: '中文' })).first().click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('a number is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { href, number } = tickets.get('第一件事');
  await page.goto(href);
  await page.getByRole('button', { name: '复制工单号' }).click();
  await expect(page.getByRole('button', { name: '已复制' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(number);
});

test('the rail of a phone is a drawer', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/tickets?view=all');
  await page.getByRole('button', { name: '打开菜单' }).click();
  await expect(page.locator('#side')).toBeVisible();
  await page.locator('#side').getByRole('link', { name: '客户', exact: true }).click();
  await expect(page).toHaveURL(/\/customers/);
});

test('a condition brings its controls at once, and a line goes by its cross', async ({ page }) => {
  await page.goto('/settings/triggers/new');
  await page.getByRole('textbox', { name: '名称' }).fill('写到一半');
  await page.locator('[name="input[all][0][field]"]').selectOption({ label: '状态' });
  await expect(page.getByRole('group', { name: '值' }).getByText('尚未受理')).toBeVisible();
  await page.getByRole('button', { name: '添加条件' }).first().click();
  await page.locator('[name="input[all][1][field]"]').selectOption({ label: '标题' });
  await page.locator('[name="input[all][1][values][]"]').fill('发票');
  await page.getByRole('button', { name: '移除这一条' }).first().click();
  await expect(page.locator('[name="input[all][0][field]"]')).toHaveCount(0);
  await expect(page.locator('[name="input[all][1][values][]"]')).toHaveValue('发票');
  await expect(page.getByRole('textbox', { name: '名称' })).toHaveValue('写到一半');
});

test('rules are dragged into their order', async ({ page, kefu }) => {
  const save = (name) =>
    page.request.post('/do/trigger/save', {
      headers: { origin: kefu.url, accept: 'text/html' },
      maxRedirects: 0,
      form: {
        'input[trigger]': '',
        'input[kind]': 'timed',
        'input[name]': name,
        'input[all][0][field]': 'hours_waiting',
        'input[all][0][operator]': 'at_least',
        'input[all][0][values][]': '9000',
        'input[actions][0][kind]': 'priority',
        'input[actions][0][value]': 'high',
      },
    });
  for (const name of ['一', '二', '三']) expect((await save(name)).status()).toBe(303);
  await page.goto('/settings/triggers');
  const rows = page.locator('#order-timed > li');
  const names = () => rows.locator('a.to').allInnerTexts();
  expect(await names()).toEqual(['一', '二', '三']);
  await expect(rows.first()).toHaveAttribute('draggable', 'true');
  await rows.nth(2).dragTo(rows.nth(0), { targetPosition: { x: 300, y: 4 } });
  await expect(page.locator('.toast')).toContainText('次序已保存');
  expect(await names()).toEqual(['三', '一', '二']);
  await page.reload();
  expect(await names()).toEqual(['三', '一', '二']);
});

test('a reminder says itself and sounds once, and a browser that holds it back is asked', async ({ page }) => {
  const href = tickets.get('第二件事').href;
  await page.goto('/settings/reminders');
  await page.getByRole('checkbox', { name: '客户回复：弹窗' }).uncheck();
  await expect(page.getByRole('row', { name: /客户回复/ })).toContainText('至少选择一种提醒方式');
  await page.getByRole('button', { name: '保存提醒设置' }).click();
  await expect(page.getByRole('checkbox', { name: '客户回复：弹窗' })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('checkbox', { name: '客户回复：弹窗' })).not.toBeChecked();
  for (const box of ['客户回复：弹窗', '同事回复：声音', '状态变更：声音']) await page.getByRole('checkbox', { name: box }).check();
  await page.getByRole('radio', { name: /洪亮/ }).check();
  await page.getByRole('button', { name: '保存提醒设置' }).click();
  await expect(page.locator('.toast')).toContainText('提醒设置已保存');

  await page.addInitScript(() => {
    globalThis.played = [];
    globalThis.isHeldBack = true;
    HTMLAudioElement.prototype.play = function () {
      globalThis.played.push(new URL(this.src).pathname);
      return globalThis.isHeldBack ? Promise.reject(new DOMException('no', 'NotAllowedError')) : Promise.resolve();
    };
  });
  await page.goto(href);
  await page.getByRole('button', { name: '接手工单' }).click();
  await expect(page.getByRole('button', { name: '接手工单' })).toHaveCount(0);
  await page.goto('/customers');
  await expect(page.getByRole('link', { name: /通知/ })).toBeVisible();
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  // A note and, at once, another status: two movements, one sound.
  await lei.goto(href);
  await composer(lei).fill('看一下');
  await lei.getByText('仅客服可见', { exact: true }).click();
  await lei.getByRole('button', { name: '写下备注' }).click();
  await expect(page.locator('.toast.news')).toContainText('第二件事');
  await expect(page).toHaveTitle(/^\(\d+\) 客户/);
  await expect.poll(() => page.evaluate(() => globalThis.played)).toEqual(['/sounds/loud.wav']);
  const unlock = page.getByRole('button', { name: '开启声音' });
  await expect(unlock).toBeVisible();
  await page.evaluate(() => (globalThis.isHeldBack = false));
  await unlock.click();
  await expect(unlock).toHaveCount(0);
  expect(await page.evaluate(() => globalThis.played)).toEqual(['/sounds/loud.wav', '/sounds/loud.wav']);
  await page.locator('.toast.news a').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('第二件事');
});
