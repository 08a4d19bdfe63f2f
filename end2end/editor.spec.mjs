// The rich-text editor: what is written in it arrives as it was written, on the page, in the mail and after a mistake;
// without scripting the same field takes plain text.
import { axe, expect, letter, mailOut, signIn, start, test as base } from './kefu.mjs';

const ADMIN = 'boss@editor.example';
const COMPANY = '编辑器公司';
const MAILBOX = 'service@editor.example';

/** A ticket by mail for each test, in one installation for all of them. */
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
  ticket: async ({ office }, use, info) => {
    const from = `customer${info.testId.slice(-6)}${info.retry}@example.net`;
    const subject = `请教 ${info.title} ${info.testId.slice(-6)}`.slice(0, 80);
    office.mail(COMPANY, MAILBOX, letter({ from, name: '何静', to: MAILBOX, subject, text: '您好，怎么操作？' }));
    await use({ from, subject });
  },
  /** The page of the ticket, signed in. */
  desk: async ({ page, ticket }, use) => {
    await signIn(page, ADMIN);
    await openTicket(page, ticket);
    await use(page);
  },
});

async function openTicket(page, ticket) {
  await page.goto('/tickets?view=all');
  await page.locator('.tickets .c-title a', { hasText: ticket.subject }).first().click();
  await page.locator('form.composer').waitFor();
}

/** Goes to the text area; the editor takes its place. */
async function editorOf(page, within = 'form.composer') {
  const editor = page.locator(`${within} .rich-text`);
  await page.locator(`${within} .rich textarea`).focus();
  await expect(editor).toBeFocused();
  return editor;
}

const button = (page, name) => page.getByRole('toolbar').getByRole('button', { name, exact: true });

/** Pastes into what has the focus, as the clipboard of another program would. */
async function paste(page, data) {
  await page.evaluate((parts) => {
    const clipboard = new DataTransfer();
    for (const [type, content] of Object.entries(parts.text ?? {})) clipboard.setData(type, content);
    for (const file of parts.files ?? []) {
      const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
      clipboard.items.add(new File([bytes], file.name, { type: file.type }));
    }
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }));
  }, data);
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('a formatted reply stands formatted in the ticket and in the mail', async ({ desk: page, ticket }) => {
  const editor = await editorOf(page);
  await page.keyboard.type('您好，');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('请注意');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('以下 <b>步骤</b>：');
  await page.keyboard.press('Enter');
  await page.keyboard.type('1. 打开订单');
  await page.keyboard.press('Enter');
  await page.keyboard.type('点 `取消` 按钮');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await button(page, '表格').click();
  await page.keyboard.type('商品');
  await page.keyboard.press('Tab');
  await page.keyboard.type('金额');
  await expect(editor.locator('th').nth(1)).toHaveText('金额');
  await expect(page.getByRole('toolbar', { name: '表格' })).toBeVisible();
  await button(page, '删除列').click();
  await expect(editor.locator('tr').first().locator('th')).toHaveCount(2);
  await button(page, '下面加行').click();
  await expect(editor.locator('tr')).toHaveCount(4);
  await page.keyboard.press('Control+Enter');

  const sent = page.locator('.msg.agent .prose').last();
  await expect(sent.locator('strong')).toHaveText('请注意');
  await expect(sent).toContainText('以下 <b>步骤</b>：');
  await expect(sent.locator('ol > li')).toHaveCount(2);
  await expect(sent.locator('ol code')).toHaveText('取消');
  await expect(sent.locator('th').first()).toHaveText('商品');
  await expect(page.locator('.rich-text')).toHaveCount(0);

  const mail = (await mailOut(page, ticket.from)).replaceAll('\r', '');
  expect(mail).toContain('<strong>请注意</strong>');
  expect(mail).toContain('<table border="1"');
  expect(mail, 'the plain part').toContain('1. 打开订单\n2. 点 取消 按钮');
});

test('the toolbar is one stop, arrows walk, Tab leaves the editor', async ({ desk: page }) => {
  const editor = await editorOf(page);
  await expect(editor).toHaveAttribute('role', 'textbox');
  await expect(editor).toHaveAttribute('aria-multiline', 'true');
  await expect(editor).toHaveAccessibleName('回复内容');
  expect((await axe(page)).filter((finding) => /rich|composer|reply/.test(finding))).toEqual([]);

  await page.keyboard.press('Shift+Tab');
  await expect(button(page, '粗体')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(button(page, '斜体')).toBeFocused();
  await page.keyboard.press('End');
  await expect(button(page, '重做')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(button(page, '粗体')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(editor).toBeFocused();
  await expect(button(page, '粗体')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.type('粗');
  await expect(editor.locator('strong')).toHaveText('粗');
  await page.keyboard.press('Alt+F10');
  await expect(button(page, '粗体')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(editor.locator('strong')).toHaveCount(0);
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();
  expect(await page.evaluate(() => Boolean(document.activeElement.closest('[role=toolbar]')))).toBe(false);
});

test('Ctrl-K makes a link in the editor and opens the palette elsewhere', async ({ desk: page }) => {
  const editor = await editorOf(page);
  await page.keyboard.type('看说明');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: '链接' });
  await expect(dialog).toBeVisible();
  await expect(page.locator('dialog.palette')).toBeHidden();
  await expect(dialog.getByLabel('显示的文字')).toHaveValue('说明');
  await dialog.getByLabel('地址').fill('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('请填写网址或邮箱地址')).toBeVisible();
  await dialog.getByLabel('地址').fill('help.example.com/a');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(editor.locator('a')).toHaveAttribute('href', 'https://help.example.com/a');
  await expect(editor.locator('a')).toHaveText('说明');
  await expect(editor).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  // The browser tells of a moved cursor a moment later.
  await expect(button(page, '链接')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Control+k');
  await dialog.getByRole('button', { name: '移除链接' }).click();
  await expect(editor.locator('a')).toHaveCount(0);
  await expect(editor).toHaveText('看说明');
  await page.getByRole('heading', { level: 1 }).click();
  await expect(editor).not.toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.locator('dialog.palette')).toBeVisible();
});

test('words from Word come as lists and tables without their dress', async ({ desk: page }) => {
  const editor = await editorOf(page);
  const item = (level, sign, words) =>
    `<p class=MsoListParagraph style='margin-left:${level * 21}pt;text-indent:-21.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span lang=EN-US style='font-family:Wingdings;mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><span style='font-family:宋体'>${words}<o:p></o:p></span></p>\n`;
  const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {color:red} --></style></head><body lang=ZH-CN>
<!--StartFragment--><p class=MsoNormal style='color:red'>各位<b style='mso-bidi-font-weight:normal'>请看</b><span style='font-weight:700'>重点</span>：</p>
${item(1, 'l', '第一点')}${item(2, 'n', '其中')}${item(1, 'l', '第二点')}${item(1, '3.', '编号')}<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td width=100 style='width:75pt'><p class=MsoNormal>甲</p></td><td><p class=MsoNormal>乙</p></td></tr></table>
<p class=MsoNormal><img src="file:///C:/x.png" onerror="window.__x=1"><a href="javascript:window.__x=1">坏</a> https://ok.example/y。</p><script>window.__x=1</script><!--EndFragment--></body></html>`;
  await paste(page, { text: { 'text/html': html, 'text/plain': '各位请看' } });
  await expect(editor.locator('ul > li > ul > li')).toHaveText('其中');
  await expect(editor.locator(':scope > ul > li')).toHaveCount(2);
  await expect(editor.locator(':scope > ol')).toHaveAttribute('start', '3');
  await expect(editor.locator('strong')).toHaveText('请看重点');
  await expect(editor.locator('td')).toHaveText(['甲', '乙']);
  await expect(editor.locator('a')).toHaveAttribute('href', 'https://ok.example/y');
  const written = await page.locator('form.composer [name="input[html]"]').inputValue();
  expect(written).not.toMatch(/style|class|mso|Wingdings|javascript|onerror|file:/i);
  expect(written).not.toContain('·');
  expect(await page.evaluate(() => globalThis.__x)).toBeUndefined();
});

test('Chinese composition writes each word once', async ({ desk: page }) => {
  const input = await page.context().newCDPSession(page);
  const compose = async (steps, words) => {
    for (const text of steps) await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await input.send('Input.insertText', { text: words });
  };
  const editor = await editorOf(page);
  await compose(['n', 'ni', "ni'h", "ni'hao"], '你好');
  await expect(editor).toHaveText('你好');
  await page.keyboard.press('Control+b');
  await compose(['j', 'jia', 'jia cu'], '加粗');
  await page.keyboard.press('Control+b');
  await compose(['w', 'wan'], '完');
  await expect(editor.locator('strong')).toHaveText('加粗');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- ');
  await compose(['x', 'xiang'], '项');
  await expect(editor.locator('li')).toHaveText('项');
  await expect(page.locator('form.composer [name="input[html]"]')).toHaveValue('<p>你好<strong>加粗</strong>完</p><ul><li><p>项</p></li></ul>');
  await expect(page.locator('form.composer textarea')).toHaveValue('你好加粗完\n\n项');
});

test('words that are composed while the editor arrives stay', async ({ desk: page }) => {
  const input = await page.context().newCDPSession(page);
  let arrive;
  await page.route('**/editor.js', async (route) => {
    await new Promise((done) => (arrive = done));
    await route.continue();
  });
  const area = page.locator('form.composer textarea');
  await area.focus();
  await page.keyboard.type('前');
  await input.send('Input.imeSetComposition', { text: 'zhong', selectionStart: 5, selectionEnd: 5 });
  const loaded = page.waitForResponse('**/editor.js');
  await expect.poll(() => Boolean(arrive)).toBe(true);
  arrive();
  await loaded;
  await expect(area).toBeFocused();
  await input.send('Input.insertText', { text: '中' });
  const editor = page.locator('form.composer .rich-text');
  await expect(editor).toBeFocused();
  await page.keyboard.type('后');
  await expect(editor).toHaveText('前中后');
});

test('a picture stands in the text, other files go to the form', async ({ desk: page, ticket }) => {
  const editor = await editorOf(page);
  await page.keyboard.type('如图：');
  await paste(page, { files: [{ name: 'image.png', type: 'image/png', base64: PIXEL }] });
  const picture = editor.locator('img:not(.ProseMirror-separator)');
  await expect(picture).toHaveAttribute('src', /^\/files\/[0-9a-f-]{36}$/);
  await expect.poll(() => picture.evaluate((image) => image.naturalWidth)).toBe(1);
  await paste(page, { files: [{ name: '说明.txt', type: 'text/plain', base64: 'aGk=' }] });
  await expect(page.locator('.rich-said')).toHaveText('已加到附件：说明.txt');
  expect(await page.locator('form.composer input[type=file]').evaluate((field) => [...field.files].map((file) => file.name))).toEqual(['说明.txt']);
  await page.getByRole('button', { name: '发送回复' }).click();

  const sent = page.locator('.msg.agent').last();
  await expect.poll(() => sent.locator('.prose img').evaluate((image) => image.naturalWidth)).toBe(1);
  await expect(sent.locator('.files .file')).toHaveText([/说明\.txt/]);
  const [, id] = /<img src="cid:([0-9a-f-]{36})"/.exec(await mailOut(page, ticket.from));
  const entry = await sent.locator('a[href^="/mail/"]').first().getAttribute('href');
  expect(await (await page.request.get(`${entry}/source`)).text()).toContain(`Content-ID: <${id}>`);

  // Taken back, the picture is in the draft and goes out with the next try.
  await page.getByRole('button', { name: '撤回', exact: false }).first().click();
  await expect.poll(() => page.locator('.rich-text img:not(.ProseMirror-separator)').evaluate((image) => image.naturalWidth)).toBe(1);
});

test('a draft comes back with its formats, on another page too', async ({ desk: page }) => {
  await editorOf(page);
  await page.keyboard.type('## 草稿');
  await page.keyboard.press('Enter');
  await page.keyboard.type('**要点** 继续');
  await expect(page.locator('form.composer [role=status]', { hasText: '草稿已存' })).toBeVisible();
  await page.reload();
  const editor = page.locator('form.composer .rich-text');
  await expect(editor.locator('h2')).toHaveText('草稿');
  await expect(editor.locator('strong')).toHaveText('要点');
  await page.keyboard.press('r');
  await expect(editor).toBeFocused();
});

test('a form that fails keeps what was written', async ({ page }) => {
  await signIn(page, ADMIN);
  await page.goto('/tickets/new?new=true');
  await page.getByRole('textbox', { name: '标题' }).fill('电话登记');
  await page.getByLabel('客户昵称').fill('何静');
  await page.getByText('描述', { exact: true }).click();
  const editor = page.locator('.rich-text');
  await expect(editor).toBeFocused();
  await expect(editor).toHaveAccessibleName(/描述/);
  await page.keyboard.type('- 甲');
  await page.getByLabel('抄送').fill('不是邮箱');
  await page.getByRole('button', { name: '创建工单' }).click();
  await expect(page.locator('.wrongs')).toBeVisible();
  await expect(page.locator('.rich-text li')).toHaveText('甲');
  await page.getByLabel('抄送').fill('');
  await page.getByRole('button', { name: '创建工单' }).click();
  await expect(page.locator('.msg .prose li')).toHaveText('甲');
});

test('nothing written or too much is said beside the field', async ({ desk: page }) => {
  const editor = await editorOf(page);
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.locator('.rich-said')).toBeVisible();
  await expect(editor).toHaveAttribute('aria-invalid', 'true');
  await expect(editor).toBeFocused();
  await paste(page, { text: { 'text/plain': '字'.repeat(5001) } });
  await expect(page.locator('.rich-left')).toHaveText('5001 / 5000');
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.locator('.rich-said')).toContainText('超出 1 字');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Backspace');
  await expect(page.locator('.rich-said')).toBeHidden();
  await page.getByRole('button', { name: '发送回复' }).click();
  await expect(page.locator('.msg.agent .prose').last()).toHaveText('字'.repeat(5000));
});

test('without scripting the field takes plain text', async ({ browser, office, ticket }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: office.url, locale: 'zh-CN' });
  const page = await context.newPage();
  await signIn(page, ADMIN);
  await openTicket(page, ticket);
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await page.getByLabel('回复内容').fill('您好，\n请看 https://help.example.com/a。\n\n<b>谢谢</b>');
  await page.getByRole('button', { name: '发送回复' }).click();
  const sent = page.locator('.msg.agent .prose').last();
  await expect(sent.locator('p')).toHaveCount(2);
  await expect(sent.locator('br')).toHaveCount(1);
  await expect(sent.locator('a')).toHaveAttribute('href', 'https://help.example.com/a');
  await expect(sent.locator('p').last()).toHaveText('<b>谢谢</b>');
  await context.close();
});
