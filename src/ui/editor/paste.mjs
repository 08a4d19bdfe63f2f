// Cleaning of what comes from Word, web pages and other editors, before the schema drops what it does not know.
import { Fragment, Slice } from 'prosemirror-model';
import { schema } from './schema.mjs';

const URL_IN_TEXT = /https?:\/\/[\x21\x23-\x26\x28-\x3b\x3d\x3f-\x5f\x61-\x7e]+/g;

/** Where an address ends: a full stop or a bracket behind it is not its own. */
export function trimmed(url) {
  let end = url.length;
  const many = (text, letter) => text.split(letter).length;
  for (; end > 0; end -= 1) {
    const last = url[end - 1];
    const part = url.slice(0, end);
    const isLoose = '.,;:!?'.includes(last) || (last === ')' && many(part, ')') > many(part, '(')) || (last === ']' && many(part, ']') > many(part, '['));
    if (!isLoose) break;
  }
  return url.slice(0, end);
}

/** The same nodes, with addresses in words as links. */
function linked(fragment) {
  const made = [];
  fragment.forEach((node) => {
    if (!node.isText) {
      made.push(node.type === schema.nodes.code_block ? node : node.copy(linked(node.content)));
      return;
    }
    const isDone = node.marks.some((mark) => mark.type === schema.marks.link || mark.type === schema.marks.code);
    let from = 0;
    for (const found of isDone ? [] : node.text.matchAll(URL_IN_TEXT)) {
      const href = trimmed(found[0]);
      if (found.index > from) made.push(node.cut(from, found.index));
      from = found.index + href.length;
      made.push(node.cut(found.index, from).mark(schema.marks.link.create({ href }).addToSet(node.marks)));
    }
    if (from < node.text.length) made.push(node.cut(from));
  });
  return Fragment.fromArray(made);
}

/** What is pasted, with addresses as links. */
export const withLinks = (slice) => new Slice(linked(slice.content), slice.openStart, slice.openEnd);

/** HTML from the clipboard as plain elements. */
export function transformPastedHTML(html) {
  // Style and handlers are renamed before anything is parsed: the policy refuses them, and would complain about each.
  const inert = html
    .replace(/<(style|script|title|noscript|template)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, ' data-$1='));
  const { body } = new DOMParser().parseFromString(inert, 'text/html');
  wordLists(body);
  for (const element of body.querySelectorAll('[data-style]')) marks(element);
  for (const paragraph of body.querySelectorAll('p')) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector('img, br')) paragraph.remove();
  }
  return body.innerHTML;
}

/** Bold, italic and struck through, written as a style. */
function marks(element) {
  const style = element.dataset.style.toLowerCase();
  element.removeAttribute('data-style');
  const says = (pattern) => pattern.test(style);
  const name = element.localName;
  if (['b', 'strong', 'i', 'em'].includes(name)) {
    // Google's wrapper around everything is a bold element that is not bold.
    if (says(/(^|[;\s])font-weight:\s*(normal|400)/) || says(/(^|[;\s])font-style:\s*normal/)) element.replaceWith(...element.childNodes);
    return;
  }
  const wrap = (tag) => {
    const around = element.ownerDocument.createElement(tag);
    around.append(...element.childNodes);
    element.append(around);
  };
  if (name !== 'span' && name !== 'font') return;
  if (says(/(^|[;\s])font-weight:\s*(bold|[6-9]00)/)) wrap('b');
  if (says(/(^|[;\s])font-style:\s*italic/)) wrap('i');
  if (says(/text-decoration[^;]*line-through/)) wrap('s');
}

/** Word writes lists as paragraphs whose style names the level and whose first words are the bullet or number. */
function wordLists(body) {
  const styleOf = (element) => element.dataset.style ?? '';
  const items = [...body.querySelectorAll('p, h1, h2, h3, h4, h5, h6')].filter((element) => /mso-list:\s*l\d/i.test(styleOf(element)));
  let open = [];
  let last = null;
  for (const item of items) {
    const level = Number(/level(\d+)/i.exec(styleOf(item))?.[1] ?? 1);
    const marker = [...item.querySelectorAll('[data-style]')].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
    const sign = (marker?.textContent ?? '').trim();
    marker?.remove();
    const isNumbered = /^(\d+|[a-z]{1,2}|[ivxlc]+|[一二三四五六七八九十]+)[.)、．）]/i.test(sign) || /^[(（](\d+|[一二三四五六七八九十]+)[)）]/.test(sign);
    if (nextElement(last) !== item) open = [];
    open = open.filter((list) => list.level <= level);
    let list = open.at(-1);
    if (!list || list.level < level || list.isNumbered !== isNumbered) {
      if (list && list.level === level) open.pop();
      const parent = open.at(-1);
      const element = body.ownerDocument.createElement(isNumbered ? 'ol' : 'ul');
      const start = Number.parseInt(sign, 10);
      if (isNumbered && start > 1) element.setAttribute('start', String(start));
      if (parent) parent.element.lastElementChild.append(element);
      else item.before(element);
      list = { level, isNumbered, element };
      open.push(list);
    }
    const made = body.ownerDocument.createElement('li');
    const words = body.ownerDocument.createElement('p');
    words.append(...item.childNodes);
    made.append(words);
    list.element.append(made);
    last = open[0].element;
    item.remove();
  }
}

/** What follows the list that the last item went into. */
const nextElement = (list) => list?.nextElementSibling ?? null;
