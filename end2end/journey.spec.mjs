// The way of everybody through the product: the first visit makes a company, an agent is invited and activated, a mail
// becomes a ticket, the ticket is handled, the customer rates, the number stands in the report and opens its ticket.
import { readFileSync } from 'node:fs';
import { PASSWORD, axe, errorsOf, expect, letter, test } from './kefu.mjs';

/** Opens the newest outgoing mail to an address in the console's ledger, and gives the link in it that fits. */
async function linkInLedger(page, to, pattern) {
  await expect
    .poll(async () => {
      await page.goto(`/mail?way=out&q=${encodeURIComponent(to)}`);
      return page.locator('a[href^="/mail/"]:not([href*="?"])').count();
    })
    .toBeGreaterThan(0);
  await page.locator('tbody a[href^="/mail/"]').first().click();
  const link = page.frameLocator('iframe').locator('a').filter({ visible: true }).and(page.frameLocator('iframe').locator(`a[href*="${pattern}"]`)).first();
  return link.getAttribute('href');
}

const WORDS = {
  zh: {
    locale: 'zh-CN',
    company: '海风物流',
    admin: 'boss@haifeng.example',
    agent: { email: 'lilei@haifeng.example', name: '李雷', nickname: '小李' },
    name: '公司名称',
    zone: '时区',
    adminName: '您的姓名',
    person: '韩梅梅',
    email: '超级管理员邮箱',
    password: '密码',
    create: '创建公司并登录',
    agentEmail: '登录邮箱',
    agentName: '姓名',
    first: '初始密码',
    invite: '新建客服并发出邀请',
    account: '账号密码',
    next: '下一步',
    failed: '激活失败',
    nickname: '昵称',
    activate: '激活并登录',
    hello: '李雷，您好',
    enabled: '工单结束后自动邀请客户评价',
    delay: '延迟（分钟）',
    save: '保存满意度设置',
    subject: '包裹三天没有动静，请帮忙查一下',
    text: '您好，\n\n单号 SF1234567890，三天没有更新了。麻烦查一下在哪里。\n\n王小明',
    customer: '王小明',
    take: '接手工单',
    reply: '回复内容',
    answer: '王先生您好，包裹在武汉分拨中心，明天送达。',
    send: '发送回复',
    inner: '仅客服可见',
    note: '武汉那边下雪，赔付按第三条。',
    write: '写下备注',
    status: '状态',
    solved: '已解决',
    properties: '保存属性',
    one: '5 分，非常满意',
    other: '4 分，满意',
    reason: '解释清楚',
    remark: '还想说点什么？',
    rate: '提交评价',
    thanks: '谢谢，已经收到',
    again: '您已经评价过了',
    change: '修改评价',
    forged: '这个评价链接无效',
    invited: '邀评数',
    average: '平均分',
    export: '导出',
    done: '已完成',
    download: '下载',
  },
  en: {
    locale: 'en',
    company: 'Sea Breeze',
    admin: 'boss@breeze.example',
    agent: { email: 'lee@breeze.example', name: 'Lee Lei', nickname: 'Lee' },
    name: 'Company name',
    zone: 'Time zone',
    adminName: 'Your name',
    person: 'Han Meimei',
    email: "Super admin's e-mail",
    password: 'Password',
    create: 'Create the company and sign in',
    agentEmail: 'Sign-in address',
    agentName: 'Full name',
    first: 'First password',
    invite: 'Create and invite',
    account: 'Account password',
    next: 'Continue',
    failed: 'Activation failed',
    nickname: 'Nickname',
    activate: 'Activate and sign in',
    hello: 'Hello, Lee Lei',
    enabled: 'Invite customers when their ticket ends',
    delay: 'Delay (minutes)',
    save: 'Save satisfaction settings',
    subject: 'Parcel has not moved for three days',
    text: 'Hello,\n\nnumber SF1234567890 has had no news for three days. Where is it?\n\nAnn',
    customer: 'Ann Smith',
    take: 'Take ticket',
    reply: 'Text of the reply',
    answer: 'It is in Wuhan and arrives tomorrow.',
    send: 'Send reply',
    inner: 'Agents only',
    note: 'Snow in Wuhan.',
    write: 'Add note',
    status: 'Status',
    solved: 'Solved',
    properties: 'Save properties',
    one: '5 of 5, Very satisfied',
    other: '4 of 5, Satisfied',
    reason: 'Clear answers',
    remark: 'Anything to add?',
    rate: 'Send rating',
    thanks: 'Thank you, we have it',
    again: 'You have rated this already',
    change: 'Change the rating',
    forged: 'This rating link is not valid',
    invited: 'Invited',
    average: 'Average',
    export: 'Export',
    done: 'Done',
    download: 'Download',
  },
};

for (const [lang, w] of Object.entries(WORDS)) {
  test(`from the first visit to the number in the report (${lang})`, async ({ browser, fresh: kefu }) => {
    test.setTimeout(180_000);
    const contexts = [];
    const wrong = [];
    /** A browser of somebody's own. */
    const person = async (options = {}) => {
      const context = await browser.newContext({ baseURL: kefu.url, locale: w.locale, timezoneId: 'Asia/Shanghai', ...options });
      contexts.push(context);
      const page = await context.newPage();
      wrong.push(errorsOf(page));
      return page;
    };
    const admin = await person();
    const agent = await person();
    const customer = await person({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    let rating;

    await test.step('the first visit makes a company', async () => {
      await admin.goto('/');
      await expect(admin).toHaveURL(/\/welcome$/);
      await admin.getByLabel(w.name).fill(w.company);
      await admin.getByLabel(w.zone).selectOption('Asia/Shanghai');
      await admin.getByLabel(w.adminName).fill(w.person);
      await admin.getByLabel(w.email).fill(w.admin);
      await admin.getByLabel(w.password, { exact: true }).fill('123');
      await admin.getByRole('button', { name: w.create }).click();
      // Refused, and nothing typed is lost but the password.
      await expect(admin.getByLabel(w.password, { exact: true })).toHaveAttribute('aria-invalid', 'true');
      await expect(admin.getByLabel(w.name)).toHaveValue(w.company);
      await admin.getByLabel(w.password, { exact: true }).fill(PASSWORD);
      await admin.getByRole('button', { name: w.create }).click();
      await expect(admin.locator('header.bar')).toContainText(w.company);
      // Once made, the first visit is over.
      await customer.goto('/welcome');
      await expect(customer).toHaveURL(/\/sign-in$/);
    });

    await test.step('an agent is invited, and activates the account', async () => {
      await admin.goto('/settings/agents/new');
      const password = await admin.getByRole('textbox', { name: w.first }).inputValue();
      await admin.getByLabel(w.agentEmail).fill(w.agent.email);
      await admin.getByLabel(w.agentName).fill(w.agent.name);
      await admin.locator('input[name="input[groups][]"]').first().check();
      await admin.getByRole('button', { name: w.invite }).click();
      await expect(admin.locator('.toast')).toBeVisible();

      const link = await linkInLedger(admin, w.agent.email, '/activate/');
      await agent.goto(link);
      await agent.getByLabel(w.account).fill('不是这个密码');
      await agent.getByRole('button', { name: w.next }).click();
      await expect(agent.getByRole('alert')).toContainText(w.failed);
      await signedOut(agent, w.agent.email, password);
      await agent.goto(link);
      await agent.getByLabel(w.account).fill(password);
      await agent.getByRole('button', { name: w.next }).click();
      await expect(agent.getByLabel(w.agentName, { exact: true })).toHaveValue(w.agent.name);
      await agent.getByLabel(w.nickname).fill(w.agent.nickname);
      await agent.getByRole('button', { name: w.activate }).click();
      await expect(agent.getByRole('heading', { level: 1, name: w.hello })).toBeVisible();
      // The link is used up.
      await customer.goto(link);
      await customer.getByLabel(w.account).fill(password);
      await customer.getByRole('button', { name: w.next }).click();
      await expect(customer.getByRole('alert')).toContainText(w.failed);
    });

    await test.step('customers are to be asked at once', async () => {
      await admin.goto('/settings/satisfaction');
      await admin.getByLabel(w.enabled).check();
      await admin.getByLabel(w.delay).fill('0');
      await admin.getByRole('button', { name: w.save }).click();
      await expect(admin.locator('.toast')).toBeVisible();
    });

    await test.step('a mail becomes a ticket, which the agent handles', async () => {
      const [told] = kefu.mail(
        w.company,
        'service@haifeng.example',
        letter({ from: 'customer@mail.example', name: w.customer, subject: w.subject, text: w.text, files: { '面单.txt': 'SF1234567890' }, headers: `Content-Language: ${w.locale}\r\n` }),
      );
      expect(told.verdict).toBe('new_ticket');
      expect(told.subject).toBe(w.subject);

      // The mailbox gives it to the first group, where the agent works.
      await agent.goto('/tickets?view=unassigned');
      await agent.getByRole('link', { name: w.subject }).click();
      await expect(agent.getByRole('heading', { level: 1 })).toHaveText(w.subject);
      await expect(agent.locator('main')).toContainText('SF1234567890');
      await expect(agent.getByRole('link', { name: '面单.txt' })).toBeVisible();
      await agent.getByRole('button', { name: w.take }).click();
      await expect(agent.getByRole('button', { name: w.take })).toHaveCount(0);

      await agent.getByRole('textbox', { name: w.reply }).fill(w.answer);
      await agent.locator('form.composer input[type=file]').setInputFiles({ name: '回执.txt', mimeType: 'text/plain', buffer: Buffer.from('已签收') });
      await agent.getByRole('button', { name: w.send }).click();
      await expect(agent.locator('main')).toContainText(w.answer);
      const receipt = agent.getByRole('link', { name: '回执.txt' });
      await expect(receipt).toBeVisible();
      const downloading = agent.waitForEvent('download');
      await receipt.click();
      expect(readFileSync(await (await downloading).path(), 'utf8')).toBe('已签收');

      await agent.getByText(w.inner, { exact: true }).click();
      await agent.getByRole('textbox', { name: w.reply }).fill(w.note);
      await agent.getByRole('button', { name: w.write }).click();
      await expect(agent.locator('main')).toContainText(w.note);
      await agent.getByLabel(w.status, { exact: true }).selectOption({ label: w.solved });
      await agent.getByRole('button', { name: w.properties }).click();
      await expect(agent.locator('.head').getByText(w.solved)).toBeVisible();
    });

    await test.step('the customer hears of the answer and never of the note', async () => {
      await expect
        .poll(async () => (await admin.goto('/mail?way=out&q=customer@mail.example'), admin.locator('tbody a[href^="/mail/"]').count()))
        .toBeGreaterThanOrEqual(2);
      const mails = await admin.locator('tbody a[href^="/mail/"]').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href')))]);
      const bodies = [];
      for (const href of mails) bodies.push(await (await admin.request.get(`${href.split('?')[0]}/body`)).text());
      expect(bodies.join('\n')).toContain(w.answer);
      expect(bodies.join('\n')).not.toContain(w.note);
    });

    await test.step('the customer rates on a phone', async () => {
      rating = await linkInLedger(admin, 'customer@mail.example', '/r/');
      expect(rating).toContain('score=5');
      await customer.goto(rating);
      await expect(customer.getByRole('radio', { name: w.one })).toBeChecked();
      expect(await customer.evaluate(() => document.scrollingElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await axe(customer)).toEqual([]);
      await customer.getByRole('checkbox', { name: w.reason }).check();
      await customer.getByLabel(w.remark).fill('👍 <b>很好</b>');
      await customer.getByRole('button', { name: w.rate }).click();
      await expect(customer.getByRole('heading', { name: w.thanks })).toBeVisible();
      // Opened again, it says so; changed, it counts once.
      await customer.goto(rating);
      await expect(customer.getByRole('heading', { name: w.again })).toBeVisible();
      await customer.getByRole('link', { name: w.change }).click();
      await customer.locator('label').filter({ has: customer.getByRole('radio', { name: w.other }) }).click();
      await customer.getByRole('button', { name: w.rate }).click();
      await expect(customer.getByRole('heading', { name: w.thanks })).toBeVisible();
      // A link somebody made up.
      const forged = new URL(rating);
      forged.pathname = `${forged.pathname.slice(0, -4)}AAAA`;
      await customer.goto(forged.href);
      await expect(customer.getByRole('heading', { level: 1 })).toHaveText(w.forged);
    });

    await test.step('the number stands in the report and opens its ticket', async () => {
      await expect
        .poll(async () => (await admin.goto('/reports/ticket-satisfaction'), admin.locator('.tile', { hasText: w.average }).innerText().catch(() => '')))
        .toContain('4.0');
      await expect(admin.locator('.tile', { hasText: w.invited }).first()).toContainText('1');
      await admin.locator('tfoot a[href*="metric=invited"]').click();
      await expect(admin.locator('tbody tr')).toHaveCount(1);
      await expect(admin.locator('tbody tr')).toContainText(w.agent.nickname);
      await expect(admin.locator('tbody tr')).toContainText('<b>很好</b>');
      await admin.getByRole('link', { name: w.subject }).click();
      await expect(admin.getByRole('heading', { level: 1 })).toHaveText(w.subject);
    });

    for (const format of lang === 'zh' ? ['CSV', 'XLSX'] : ['CSV']) {
      await test.step(`it can be taken along as ${format}`, async () => {
        await admin.goto('/reports/ticket-satisfaction');
        await admin.getByRole('button', { name: w.export }).click();
        await admin.getByRole('button', { name: format }).click();
        await admin.goto('/reports/exports');
        const row = admin.getByRole('row').filter({ hasText: format }).first();
        await expect.poll(async () => (await admin.reload(), row.getByRole('link', { name: w.download }).count())).toBe(1);
        const downloading = admin.waitForEvent('download');
        await row.getByRole('link', { name: w.download }).click();
        const file = readFileSync(await (await downloading).path());
        if (format === 'CSV') {
          expect(file.toString('utf8')).toContain(w.invited);
          expect(file.toString('utf8')).toContain('4.0');
        } else {
          expect(file.subarray(0, 2).toString()).toBe('PK');
        }
      });
    }

    expect(wrong.flat(), 'errors in the browser').toEqual([]);
    for (const context of contexts) await context.close();
  });
}

/** The account does not work before it is activated. */
async function signedOut(page, email, password) {
  await page.goto('/sign-in');
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('main [type=submit]').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('nav.rail')).toHaveCount(0);
}
