// The administrative ways and the agent's daily ones with scripting off: forms and links do everything, a refused form
// keeps what was typed and says beside each field what is wrong.
import { readFileSync } from 'node:fs';
import { expect, letter, signIn, test as base } from './kefu.mjs';

const ADMIN = 'admin@plain.example';
const COMPANY = '无脚本公司';

const test = base.extend({
  company: [
    async ({ kefu }, use) => {
      kefu.company(COMPANY, ADMIN);
      await use(COMPANY);
    },
    { scope: 'worker' },
  ],
  javaScriptEnabled: false,
  page: async ({ page, company }, use) => {
    expect(company).toBe(COMPANY);
    await signIn(page, ADMIN);
    await use(page);
  },
});

/** The control is marked wrong and described by a text. */
async function refused(control, words = /./) {
  await expect(control).toHaveAttribute('aria-invalid', 'true');
  await expect(control).toHaveAccessibleDescription(words);
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const text = (page, name) => page.getByRole('textbox', { name });

test('an account is made, refused, changed, disabled and enabled', async ({ page }) => {
  await page.goto('/settings/agents/new');
  await text(page, '登录邮箱').fill('han@plain.example');
  await text(page, '姓名').fill('韩梅梅');
  await text(page, '昵称').fill('小韩');
  await text(page, '初始密码').fill('12');
  await button(page, '新建客服并发出邀请').click();
  await refused(text(page, '初始密码'));
  await expect(page.getByRole('alert')).toContainText('还不能提交');
  await expect(text(page, '登录邮箱')).toHaveValue('han@plain.example');
  await expect(text(page, '姓名')).toHaveValue('韩梅梅');
  await expect(text(page, '昵称')).toHaveValue('小韩');
  // The summary leads to the field.
  await page.getByRole('alert').getByRole('link').first().click();
  await expect(page).toHaveURL(/#agent-password$/);

  // Somebody has this one already.
  await text(page, '登录邮箱').fill(ADMIN);
  await text(page, '初始密码').fill('把这句话告诉韩梅梅');
  await button(page, '新建客服并发出邀请').click();
  await refused(text(page, '登录邮箱'));
  await expect(text(page, '姓名')).toHaveValue('韩梅梅');
  await text(page, '登录邮箱').fill('hmm@plain.example');
  await text(page, '初始密码').fill('把这句话告诉韩梅梅');
  await page.getByLabel('默认工单组').check();
  await button(page, '新建客服并发出邀请').click();
  await expect(page.getByRole('status')).toBeVisible();

  await page.goto('/settings/agents');
  await page.getByRole('link', { name: '韩梅梅' }).click();
  await text(page, '姓名').fill('韩梅');
  await button(page, '保存韩梅梅').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('韩梅');

  // A native popover asks first; its first button keeps everything.
  await button(page, '停用账号').click();
  await button(page, '保留账号').click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await button(page, '停用账号').click();
  await page.getByRole('dialog').getByRole('button', { name: '停用账号' }).click();
  await expect(page.locator('.head')).toContainText('停用');
  await button(page, '启用账号').click();
  await expect(button(page, '启用账号')).toHaveCount(0);
  await page.goto('/settings/audit');
  await expect(page.locator('main')).toContainText('韩梅');
});

test('a permission group is ticked together', async ({ page }) => {
  await page.goto('/settings/permissions/new');
  await page.getByRole('link', { name: /^工单客服/ }).click();
  await page.getByRole('checkbox', { name: '删除与恢复工单' }).check();
  await page.getByRole('checkbox', { name: '关闭工单' }).uncheck();
  await text(page, '名称').fill('夜班');
  await page.getByLabel('工单', { exact: true }).selectOption({ label: '仅自己的' });
  await button(page, '新建权限组').click();
  await page.goto('/settings/permissions');
  await page.getByRole('link', { name: '夜班' }).click();
  await expect(page.getByRole('checkbox', { name: '删除与恢复工单' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: '关闭工单' })).not.toBeChecked();
  // What the role can never have cannot be ticked, and says why.
  await expect(page.locator('label.locked').first()).toContainText('不能拥有');
  await page.getByRole('checkbox', { name: '关闭工单' }).check();
  await button(page, '保存权限组“夜班”').click();
  await page.goto('/settings/permissions');
  await page.getByRole('link', { name: '夜班' }).click();
  await expect(page.getByRole('checkbox', { name: '关闭工单' })).toBeChecked();
  await page.goto('/settings/permissions/who/ticket.view');
  await expect(page.locator('main')).toContainText(ADMIN.split('@')[0]);
});

test('a group and its members', async ({ page }) => {
  await page.goto('/settings/groups/new');
  await text(page, '名称').fill('默认工单组');
  await text(page, '说明').fill('同名的');
  await button(page, '新建客服组').click();
  await refused(text(page, '名称'));
  await expect(text(page, '说明')).toHaveValue('同名的');
  await text(page, '名称').fill('售后组');
  await page.locator('input[name="input[members][]"]').first().check();
  await button(page, '新建客服组').click();
  await page.goto('/settings/groups');
  await page.getByRole('link', { name: '售后组' }).click();
  await expect(page.locator('input[name="input[members][]"]').first()).toBeChecked();
  // With somebody in it, it cannot go.
  await expect(button(page, '删除客服组')).toHaveCount(0);
  await page.locator('input[name="input[members][]"]').first().uncheck();
  await button(page, '保存客服组“售后组”').click();
  await page.goto('/settings/groups');
  await page.getByRole('link', { name: '售后组' }).click();
  await button(page, '删除客服组').click();
  await page.getByRole('dialog').getByRole('button', { name: '删除客服组' }).click();
  await page.goto('/settings/groups');
  await expect(page.getByRole('link', { name: '售后组' })).toHaveCount(0);
});

test('categories: a tree of them', async ({ page }) => {
  await page.goto('/settings/categories');
  await text(page, '名称').fill('物流');
  await button(page, '新建分类').click();
  await page.goto('/settings/categories');
  await page.getByRole('link', { name: '在 物流 下新建' }).click();
  await text(page, '名称').fill('配/送');
  await text(page, '说明').fill('路上的事');
  await button(page, '新建分类').click();
  await refused(text(page, '名称'));
  await expect(text(page, '说明')).toHaveValue('路上的事');
  await text(page, '名称').fill('配送');
  await button(page, '新建分类').click();
  await page.goto('/settings/categories');
  await page.getByRole('link', { name: '修改 配送' }).click();
  await text(page, '名称').fill('配送与退货');
  await button(page, '保存分类“配送”').click();
  await expect(page.locator('main')).toContainText('配送与退货');
});

test('triggers: written line by line, refused, ordered, switched off', async ({ page }) => {
  await page.goto('/settings/triggers');
  await page.getByRole('link', { name: '新建流转触发器' }).first().click();
  await text(page, '名称').fill('投诉升级');
  const field = page.locator('[name="input[all][0][field]"]');
  await field.selectOption({ label: '标题' });
  await field.locator('xpath=following-sibling::button[1]').click();
  await expect(text(page, '名称')).toHaveValue('投诉升级');
  const action = page.locator('[name="input[actions][0][kind]"]');
  await action.selectOption({ label: '设置优先级' });
  await button(page, '保存触发器').last().click();
  await refused(page.locator('[name="input[all][0][values][]"]'), /请填写/);
  await refused(page.locator('[name="input[actions][0][value]"]'), /请填写/);
  await page.locator('[name="input[all][0][values][]"]').fill('投诉');
  await page.locator('[name="input[actions][0][value]"]').selectOption({ label: '紧急' });
  await button(page, '保存触发器').last().click();
  const first = page.getByRole('listitem').filter({ hasText: '投诉升级' });
  await expect(first).toContainText('工单创建时，如果 标题 包含 “投诉”：设置优先级 紧急');
  await button(page, '复制 投诉升级').click();
  await text(page, '名称').fill('第二个');
  await button(page, '保存触发器').last().click();
  await button(page, '上移：第二个').click();
  await expect(page.locator('ol.order > li').first()).toContainText('第二个');
  await button(page, '停用 投诉升级').click();
  await expect(first).toContainText('停用');
  await page.getByRole('link', { name: '投诉升级', exact: true }).click();
  await button(page, '删除触发器').click();
  await page.getByRole('dialog').getByRole('button', { name: '删除触发器' }).click();
  await expect(page.getByRole('link', { name: '投诉升级', exact: true })).toHaveCount(0);
});

test('reminders: of what, by which way, and what one leaves out', async ({ page }) => {
  const row = page.getByRole('row', { name: /^催单/ });
  await page.goto('/settings/reminders');
  for (const way of ['邮件', '声音']) await page.getByRole('checkbox', { name: `催单：${way}` }).check();
  await page.getByRole('checkbox', { name: '客服可自行选择：弹窗' }).uncheck();
  await page.getByRole('checkbox', { name: '状态变更：弹窗' }).uncheck();
  await button(page, '保存提醒设置').click();
  await expect(page.getByRole('checkbox', { name: '状态变更：邮件' })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('checkbox', { name: '客服可自行选择：弹窗' })).not.toBeChecked();
  await page.getByRole('checkbox', { name: '状态变更：弹窗' }).check();
  await button(page, '保存提醒设置').click();
  await expect(page.getByRole('status')).toContainText('提醒设置已保存');
  await page.goto('/me/reminders');
  await expect(row.getByRole('checkbox')).toHaveCount(2);
  await expect(row).toContainText('由管理员决定');
  await page.getByRole('checkbox', { name: '催单：声音' }).uncheck();
  await page.getByRole('checkbox', { name: '每天这段时间不打扰我' }).check();
  await page.getByLabel('从').fill('22:00');
  await page.getByLabel('到').fill('22:00');
  await button(page, '保存我的提醒').click();
  await refused(page.getByLabel('到'), /不能相同/);
  await expect(page.getByRole('checkbox', { name: '催单：声音' })).not.toBeChecked();
  await page.getByLabel('到').fill('08:00');
  await button(page, '保存我的提醒').click();
  await expect(page.getByRole('status')).toContainText('您的提醒已保存');
  await expect(page.getByRole('checkbox', { name: '催单：声音' })).not.toBeChecked();
  await expect(page.getByRole('checkbox', { name: '催单：邮件' })).toBeChecked();
});

test('duty times and the goals that count in them', async ({ page }) => {
  await page.goto('/settings/duty');
  await page.getByRole('link', { name: '新建工作时间' }).first().click();
  await text(page, /^名称$/).fill('白班');
  await text(page, '周六').fill('十点到四点');
  await text(page, '日期、时间、名称').fill('2099-10-01~2099-10-07 国庆节');
  await button(page, '保存工作时间').click();
  await refused(text(page, '周六'), /看不懂/);
  await expect(text(page, /^名称$/)).toHaveValue('白班');
  await expect(text(page, '日期、时间、名称')).toHaveValue('2099-10-01~2099-10-07 国庆节');
  await text(page, '周六').fill('10-16');
  await button(page, '保存工作时间').click();
  await expect(text(page, '周六')).toHaveValue('10:00-16:00');
  await expect(page.locator('.duty li')).toHaveCount(14);

  await page.goto('/settings/sla');
  await page.getByRole('link', { name: '新建时效规则' }).first().click();
  await text(page, /^名称$/).fill('标准');
  await text(page, '紧急：首次响应').fill('很快');
  await text(page, '紧急：解决').fill('4 小时');
  await button(page, '保存时效规则').click();
  await refused(text(page, '紧急：首次响应'), /看不懂/);
  await expect(text(page, '紧急：解决')).toHaveValue('4 小时');
  await text(page, '紧急：首次响应').fill('30 分钟');
  await button(page, '保存时效规则').click();
  const policy = page.getByRole('listitem').filter({ hasText: '标准' });
  await expect(policy).toContainText('紧急：首次响应 30m，解决 4h');
  await page.getByRole('link', { name: '标准', exact: true }).click();
  await expect(text(page, '紧急：首次响应')).toHaveValue('30m');
  await button(page, '删除').click();
  await page.getByRole('dialog').getByRole('button', { name: '删除时效规则' }).click();
  await expect(policy).toHaveCount(0);
});

test('messages are forwarded to the receiver of the installation', async ({ page }) => {
  await page.goto('/settings/webhooks/receiver');
  await button(page, '生成试收地址').click();
  const url = await page.getByRole('textbox', { name: '接收地址' }).inputValue();
  await page.goto('/settings/webhooks');
  await page.getByRole('link', { name: '新建消息转发' }).first().click();
  await text(page, /^名称$/).fill('试推');
  await text(page, '接收地址').fill('https://10.0.0.1/');
  await button(page, '保存消息转发').click();
  await refused(text(page, '接收地址'), /内网/);
  await expect(text(page, /^名称$/)).toHaveValue('试推');
  await text(page, '接收地址').fill(url);
  await button(page, '保存消息转发').click();
  await expect(page.locator('#secret')).toContainText('whsec_');
  await button(page, '发送测试消息').click();
  await expect(page).toHaveURL(/\/settings\/webhooks\/log\?webhook=/);
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('row').filter({ hasText: '测试消息' })).toContainText('已送达');
  }).toPass({ timeout: 20000 });
  await page.goto('/settings/webhooks/receiver');
  await expect(page.locator('main')).toContainText('签名正确（Standard Webhooks）');
});

test('a mailbox says what is wrong with it', async ({ page }) => {
  await page.goto('/settings/mailboxes/new');
  await text(page, '邮箱地址').fill('help@plain.example');
  await text(page, '发件人名称').fill('帮助');
  await text(page, 'IMAP 服务器').fill('不是 主机名');
  await page.locator('[name="input[smtp_port]"]').fill('99999');
  await text(page, '可信的验证服务器').fill('mx.plain.example');
  await button(page, '保存邮箱').click();
  await refused(text(page, 'IMAP 服务器'));
  await refused(page.locator('[name="input[smtp_port]"]'));
  await expect(text(page, '邮箱地址')).toHaveValue('help@plain.example');
  await expect(text(page, 'IMAP 服务器')).toHaveValue('不是 主机名');
  await expect(page.locator('[name="input[smtp_port]"]')).toHaveValue('99999');
  await expect(text(page, '可信的验证服务器')).toHaveValue('mx.plain.example');
  await text(page, 'IMAP 服务器').fill('');
  await page.locator('[name="input[smtp_port]"]').fill('465');
  await page.getByLabel('新工单的受理组').selectOption({ label: '默认工单组' });
  await button(page, '保存邮箱').click();
  await page.goto('/settings/mailboxes');
  await expect(page.locator('main')).toContainText('help@plain.example');
});

test('satisfaction: refused, saved, taken back', async ({ page }) => {
  await page.goto('/settings/satisfaction');
  const days = page.getByLabel('链接有效（天）');
  await days.fill('99');
  await text(page, '引导语（中文）').fill('我们做得怎么样？');
  await text(page, '5 分的中文说明').fill('');
  await button(page, '保存满意度设置').click();
  await refused(days);
  await expect(text(page, '5 分的中文说明')).toHaveAttribute('aria-invalid', 'true');
  await expect(days).toHaveValue('99');
  await expect(text(page, '引导语（中文）')).toHaveValue('我们做得怎么样？');
  await days.fill('14');
  await text(page, '5 分的中文说明').fill('太好了');
  await page.getByPlaceholder('修改原因').fill('试两周');
  await button(page, '保存满意度设置').click();
  await expect(page.getByRole('status')).toBeVisible();
  await expect(days).toHaveValue('14');

  // The preview shows the form as it stands, in its frame.
  await text(page, '引导语（中文）').fill('还没有保存的一句');
  await button(page, '预览评价页').click();
  await expect(page.frameLocator('iframe[name=preview]').getByRole('heading', { level: 1 })).toHaveText('还没有保存的一句');
  await page.goto('/settings/satisfaction');
  await expect(text(page, '引导语（中文）')).toHaveValue('我们做得怎么样？');

  await button(page, '修改记录').click();
  await expect(page.locator('#history')).toContainText('试两周');
  await button(page.locator('#history'), '恢复到此前').first().click();
  await expect(days).toHaveValue('7');
});

test('a ticket is answered, and another made for a customer', async ({ page, kefu }) => {
  kefu.mail(COMPANY, 'help@plain.example', letter({ from: 'wang@mail.example', name: '王小明', subject: '发票抬头开错了', text: '请改成海风物流有限公司。' }));
  await page.goto('/tickets?view=all');
  await page.getByRole('link', { name: '发票抬头开错了' }).click();
  await text(page, '回复内容').fill('已经重开，请查收。');
  await page.locator('form.composer input[type=file]').setInputFiles({ name: '发票.txt', mimeType: 'text/plain', buffer: Buffer.from('海风物流有限公司') });
  await page.getByLabel('发送后的状态').selectOption({ label: '已解决' });
  await button(page, '发送回复').click();
  await expect(page.locator('main')).toContainText('已经重开，请查收。');
  await expect(page.getByRole('link', { name: '发票.txt' })).toBeVisible();
  await page.getByText('仅客服可见', { exact: true }).click();
  await text(page, '回复内容').fill('财务已知。');
  await button(page, '写下备注').click();
  await expect(page.locator('main')).toContainText('财务已知。');
  await expect(page.locator('.head')).toContainText('已解决');

  // A new customer and ticket; what is wrong loses nothing.
  await page.goto('/tickets/new');
  await page.getByRole('combobox', { name: '查找客户' }).fill('13800001111');
  await button(page, '查找客户').click();
  await page.getByRole('link', { name: '新建客户并写工单' }).click();
  await expect(page.getByLabel('电话')).toHaveValue('13800001111');
  await text(page, '客户昵称').fill('赵一凡');
  await text(page, '标题').fill('  ');
  await text(page, '描述').fill('打电话来问退货。');
  await button(page, '创建工单').click();
  await refused(text(page, '标题'));
  await expect(text(page, '描述')).toHaveValue('打电话来问退货。');
  await expect(text(page, '客户昵称')).toHaveValue('赵一凡');
  await text(page, '标题').fill('退货地址');
  await button(page, '创建工单').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('退货地址');

  // Found again by telephone, by words, by number.
  await page.goto('/tickets/new?find=13800001111');
  await expect(page.getByRole('link', { name: '赵一凡' })).toBeVisible();
  await page.goto('/search');
  await page.locator('main').getByRole('searchbox', { name: '搜索' }).fill('抬头');
  await page.locator('main').getByRole('searchbox', { name: '搜索' }).press('Enter');
  await expect(page.locator('main')).toContainText('发票抬头开错了');
});

test('a preset reply and a macro are written, refused, and used on a ticket', async ({ page, kefu }) => {
  await page.goto('/settings/presets');
  await page.getByRole('link', { name: '新建快捷回复' }).first().click();
  await text(page, '名称').fill('收到');
  await text(page, '快捷词').fill('收 到');
  await text(page, '内容').fill('{{customer}}您好，已收到。');
  await button(page, '保存快捷回复').click();
  await refused(text(page, '快捷词'));
  await expect(text(page, '内容')).toHaveValue('{{customer}}您好，已收到。');
  await text(page, '快捷词').fill('收到');
  await button(page, '保存快捷回复').click();
  await expect(page.locator('main')).toContainText('/收到');
  await page.goto('/settings/presets/new?kind=macro');
  await text(page, '名称').fill('升级处理');
  await button(page, '保存宏').click();
  await expect(page.getByRole('alert')).toContainText('至少选择一项要做的事');
  await page.getByLabel('优先级').selectOption('urgent');
  await text(page, '内部备注').fill('请尽快看 {{number}}');
  await button(page, '保存宏').click();
  await expect(page.locator('main')).toContainText('优先级改为 紧急；写内部备注');

  kefu.mail(COMPANY, 'help@plain.example', letter({ from: 'zhao@mail.example', name: '赵小兰', subject: '退款什么时候到', text: '等了三天。' }));
  await page.goto('/tickets?view=all');
  await page.getByRole('link', { name: '退款什么时候到' }).click();
  await text(page, '回复内容').fill('先写一句。');
  await page.getByLabel('快捷回复与宏', { exact: true }).selectOption({ label: '收到' });
  await button(page, '插入').click();
  await expect(text(page, '回复内容')).toHaveValue('先写一句。\n\n赵小兰您好，已收到。');
  await button(page, '宏').click();
  await page.getByRole('button', { name: /升级处理/ }).click();
  await expect(page.locator('body')).toContainText('已用宏“升级处理”：优先级改为 紧急');
  await expect(page.locator('.talk')).toContainText('用宏“升级处理”');
  await expect(text(page, '回复内容')).toHaveValue('先写一句。\n\n赵小兰您好，已收到。');
});

test('a report is narrowed and taken along', async ({ page, kefu }) => {
  expect(kefu.url).toBeTruthy();
  await page.goto('/reports/ticket-satisfaction');
  await page.getByLabel('渠道').selectOption({ label: '邮件' });
  await page.getByLabel('受理组').selectOption({ label: '默认工单组' });
  await button(page, '应用').click();
  await expect(page).toHaveURL(/channel=/);
  await expect(page.getByLabel('受理组').locator('option:checked')).toHaveText('默认工单组');
  await button(page, '导出').click();
  await page.getByRole('button', { name: 'CSV' }).click();
  await page.goto('/reports/exports');
  const download = page.getByRole('link', { name: '下载' });
  await expect.poll(async () => (await page.getByRole('link', { name: '刷新进度' }).click(), download.count())).toBeGreaterThan(0);
  const downloading = page.waitForEvent('download');
  await download.first().click();
  expect(readFileSync(await (await downloading).path(), 'utf8')).toContain('邀评数');
});

test('a list of tickets is taken along as it is filtered', async ({ page, kefu }) => {
  kefu.mail(COMPANY, 'help@plain.example', letter({ from: 'lin@mail.example', name: '林小满', subject: '=1+1 是几', text: '请回复。' }));
  await page.goto('/tickets?view=all');
  await page.getByRole('searchbox', { name: '搜索工单' }).fill('是几');
  await page.getByRole('searchbox', { name: '搜索工单' }).press('Enter');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await button(page, '导出').click();
  await page.getByRole('button', { name: 'CSV' }).click();
  await expect(page).toHaveURL(/\/tickets\/exports$/);
  const download = page.getByRole('link', { name: '下载' });
  await expect.poll(async () => (await page.getByRole('link', { name: '刷新进度' }).click(), download.count())).toBeGreaterThan(0);
  const downloading = page.waitForEvent('download');
  await download.first().click();
  const file = readFileSync(await (await downloading).path(), 'utf8');
  expect(file).toMatch(/^\ufeff工单编号,标题,/);
  expect(file.split('\r\n')[1]).toContain(",'=1+1 是几,");
  expect(file).toContain('行数,1');
});

test('a customer without e-mail is asked by a link that is handed over', async ({ page, context }) => {
  await page.goto('/settings/satisfaction');
  await page.getByLabel('工单结束后自动邀请客户评价').check();
  await button(page, '保存满意度设置').click();
  await expect(page.getByRole('status')).toBeVisible();
  await page.goto('/tickets/new?new=true');
  await text(page, '客户昵称').fill('孙阿姨');
  await text(page, '标题').fill('门铃不响');
  await text(page, '描述').fill('打电话来的。');
  await button(page, '创建工单').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('门铃不响');
  await button(page, '接手工单').click();
  await page.locator('form.props').getByLabel('状态').selectOption({ label: '已解决' });
  await button(page, '保存属性').click();
  // The answer is there before the page is asked for again.
  await expect(page.locator('main .head')).toContainText('已解决');
  const take = button(page, '取得评价链接');
  await expect.poll(async () => (await page.reload(), take.count())).toBe(1);
  await take.click();
  const link = await page.getByLabel('评价链接').inputValue();
  expect(link).toContain('/r/');

  const customer = await context.browser().newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
  const sheet = await customer.newPage();
  await sheet.goto(link);
  await expect(sheet.locator('.ask')).toContainText('门铃不响');
  await sheet.getByLabel('5 分，非常满意').check({ force: true });
  await button(sheet, '提交评价').click();
  await expect(sheet.getByRole('heading', { level: 1 })).toHaveText('谢谢，已经收到');
  await customer.close();
  await page.reload();
  await expect(page.getByRole('img', { name: '5 分，共 5 分' })).toBeVisible();
  await expect(page.getByLabel('评价链接')).toHaveCount(0);
});
