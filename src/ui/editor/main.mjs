// The rich-text editor over a form's text area. The text area stays the field: it holds the plain text, a second field
// beside it the HTML, and without this script the form works with the text area alone.
import { DOMParser, DOMSerializer } from 'prosemirror-model';
import { dropCursor } from 'prosemirror-dropcursor';
import { gapCursor } from 'prosemirror-gapcursor';
import { history } from 'prosemirror-history';
import { EditorState, Plugin, Selection, TextSelection } from 'prosemirror-state';
import { tableEditing } from 'prosemirror-tables';
import { EditorView } from 'prosemirror-view';
import { bars } from './bar.mjs';
import { isBusy, pastedFiles, placeholders, takeFiles } from './file.mjs';
import { keys, rules } from './keys.mjs';
import { linkDialog } from './link.mjs';
import { transformPastedHTML, withLinks } from './paste.mjs';
import { harmless, schema } from './schema.mjs';
import { slash } from './slash.mjs';

const serializer = DOMSerializer.fromSchema(schema);
const parser = DOMParser.fromSchema(schema);

function docOf(html) {
  const page = new globalThis.DOMParser().parseFromString(html, 'text/html');
  return parser.parse(page.body);
}

/** Plain text as it stands in a text area: an empty line parts paragraphs. */
function docOfText(text) {
  const { nodes } = schema;
  const paragraphs = text.split(/\n{2,}/).map((part) => {
    const words = part.split('\n').flatMap((line, at) => [...(at > 0 ? [nodes.hard_break.create()] : []), ...(line ? [schema.text(line)] : [])]);
    return nodes.paragraph.create(null, words);
  });
  return nodes.doc.create(null, paragraphs);
}

const isEmptyLine = (node) => node.type === schema.nodes.paragraph && node.content.size === 0;

/** What is stored; empty lines at the end are not. */
function htmlOf(doc) {
  const box = document.createElement('div');
  // In a document of its own: a picture being written down must not be fetched.
  const page = document.implementation.createHTMLDocument();
  page.body.append(box);
  let { content } = doc;
  while (content.childCount > 1 && isEmptyLine(content.lastChild)) content = content.cut(0, content.size - content.lastChild.nodeSize);
  box.append(serializer.serializeFragment(content, { document: page }));
  return box.innerHTML;
}

/** No word and no picture. */
function isBlank(doc) {
  let hasAny = false;
  doc.descendants((node) => {
    hasAny ||= node.type === schema.nodes.image || (node.isText && node.text.trim() !== '');
    return !hasAny;
  });
  return !hasAny;
}

/** Nothing but one empty paragraph: the example may stand there. */
const isBare = (doc) => doc.childCount === 1 && isEmptyLine(doc.firstChild);

const lengthOf = (doc) => [...doc.textContent].length;

/** Shows a picture from its file; the stored source is another one. */
const pictures = {
  image: (node) => {
    const dom = document.createElement('img');
    dom.src = `/files/${node.attrs.file}`;
    dom.alt = node.attrs.alt;
    return { dom };
  },
};

/** There is always a line to go on with behind a table, a block of code or a rule. */
const lastLine = new Plugin({
  appendTransaction: (changes, before, { doc, tr }) => {
    const isClosed = ['table', 'code_block', 'horizontal_rule'].includes(doc.lastChild.type.name);
    return isClosed && changes.some((change) => change.docChanged) ? tr.insert(doc.content.size, schema.nodes.paragraph.create()) : null;
  },
});

function mount(root) {
  const area = root.querySelector('textarea');
  if (root.dataset.mounted !== undefined || !area) return;
  root.dataset.mounted = '';
  const form = area.form;
  const most = Number(root.dataset.most);
  const words = JSON.parse(root.dataset.words);
  const said = root.querySelector('[data-part=said]');
  const left = root.querySelector('[data-part=left]');
  const isNeeded = area.required;

  const kept = document.createElement('input');
  kept.type = 'hidden';
  kept.name = area.name.replace(/\w+\]$/, 'html]');

  const editor = {
    form,
    words,
    upload: root.dataset.upload,
    say(text, isWrong = false) {
      said.textContent = text;
      said.classList.toggle('bad', isWrong);
      said.hidden = text === '';
    },
    askLink: () => {},
    focusBar: () => bar.focus(),
    pickImage() {
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.accept = 'image/png,image/jpeg,image/gif,image/webp';
      input.addEventListener('change', () => takeFiles(view, [...input.files], view.state.selection.from, editor));
      input.click();
    },
  };

  // What the server knows of is newer than nothing, older than what was typed before the script arrived.
  const isTyped = area.value !== area.defaultValue;
  const start = root.dataset.html && !isTyped ? docOf(root.dataset.html) : docOfText(area.value);

  const place = document.createElement('div');
  area.before(place);
  const attributes = {
    class: 'rich-text prose',
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-required': String(isNeeded),
    'data-placeholder': area.placeholder,
  };
  for (const name of ['aria-label', 'aria-describedby', 'aria-invalid', 'data-key', 'id']) {
    const value = area.getAttribute(name);
    if (value !== null) attributes[name] = value;
  }
  const label = area.labels?.[0];
  if (label) {
    label.id ||= `${area.id}-l`;
    attributes['aria-labelledby'] = label.id;
    label.addEventListener('click', () => view.focus());
  }

  let bar = null;
  const view = new EditorView(
    { mount: place },
    {
      state: EditorState.create({
        doc: start,
        plugins: [
          // Its keys come first: while its list is open, Enter ends no paragraph.
          ...slash(root, editor, docOf),
          rules(),
          ...keys(editor),
          history(),
          dropCursor({ class: 'rich-drop', color: false }),
          gapCursor(),
          tableEditing(),
          placeholders(),
          lastLine,
          new Plugin({ view: () => ({ update: (view, before) => changed(view, before) }) }),
        ],
      }),
      attributes: (state) => ({ ...attributes, class: `rich-text prose${isBare(state.doc) ? ' blank' : ''}` }),
      nodeViews: pictures,
      transformPastedHTML,
      transformPasted: withLinks,
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, '\n\n'),
      // Here the keys of the palette mean a link; with Shift they open the palette here too.
      handleKeyDown(view, event) {
        if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 'k') return false;
        event.stopPropagation();
        editor.askLink();
        return true;
      },
      handlePaste(view, event) {
        const files = pastedFiles(event.clipboardData);
        if (files.length > 0) {
          takeFiles(view, files, view.state.selection.from, editor);
          return true;
        }
        const text = event.clipboardData?.getData('text/plain').trim() ?? '';
        const { from, to, empty, $from } = view.state.selection;
        if (empty || /\s/.test(text) || !harmless(text) || $from.parent.type.spec.code) return false;
        view.dispatch(view.state.tr.addMark(from, to, schema.marks.link.create({ href: text })));
        return true;
      },
      handleDrop(view, event) {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return false;
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.selection.from;
        takeFiles(view, files, at, editor);
        return true;
      },
    },
  );

  function changed(view, before) {
    bar?.refresh(view.state);
    if (before.doc.eq(view.state.doc)) return;
    store();
    editor.say('');
    view.dom.removeAttribute('aria-invalid');
    delete attributes['aria-invalid'];
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  function store() {
    const { doc } = view.state;
    const nothing = isBlank(doc);
    kept.value = nothing ? '' : htmlOf(doc);
    area.value = nothing ? '' : doc.textBetween(0, doc.content.size, '\n\n');
    const length = lengthOf(doc);
    left.hidden = length < most * 0.8;
    left.textContent = `${length} / ${most}`;
    left.classList.toggle('bad', length > most);
  }

  const hadFocus = document.activeElement === area;
  const caret = area.selectionEnd;
  const isAtEnd = caret === area.value.length;
  area.after(kept);
  area.required = false;
  for (const name of ['maxlength', 'data-key', 'id', 'aria-label', 'aria-describedby']) area.removeAttribute(name);
  area.hidden = true;
  store();
  bar = bars(view, root, editor);
  editor.askLink = linkDialog(view, root.querySelector('dialog'));
  bar.refresh(view.state);

  if (hadFocus) {
    view.focus();
    const at = isAtEnd ? Selection.atEnd(start) : TextSelection.create(start, placeOf(start, caret));
    view.dispatch(view.state.tr.setSelection(at));
  }
  // A button that was pressed before the script was there.
  if (root.dataset.asked) {
    if (!hadFocus) view.dispatch(view.state.tr.setSelection(Selection.atEnd(start)));
    bar.press(root.dataset.asked);
  }

  form?.addEventListener(
    'submit',
    (event) => {
      const { doc } = view.state;
      const over = lengthOf(doc) - most;
      let wrong = '';
      if (isBusy(view.state)) wrong = words.busy;
      // A step of the form, not its sending: what is typed may be nothing yet.
      else if (event.submitter?.formNoValidate) return;
      else if (isNeeded && isBlank(doc)) wrong = words.empty;
      else if (over > 0) wrong = words.long.replace('{}', over);
      if (!wrong) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      editor.say(wrong, true);
      attributes['aria-invalid'] = 'true';
      view.focus();
      view.updateState(view.state);
    },
    true,
  );
}

/** The place in the document of a character of the plain text it was made of. */
function placeOf(doc, caret) {
  let seen = 0;
  let found = 1;
  doc.forEach((paragraph, at) => {
    if (seen <= caret) found = at + 1 + Math.min(caret - seen, paragraph.content.size);
    seen += paragraph.content.size + 2;
  });
  return found;
}

/** Words that are just being composed are waited for; whether some are, nobody knows of a field that had the focus before. */
function begin(root) {
  const { composing } = root.dataset;
  if (composing === undefined) {
    mount(root);
    return;
  }
  const ends = ['compositionend', 'keyup', 'focusout', 'pointerdown'];
  const end = (event) => {
    if (event?.isComposing) return;
    clearTimeout(patience);
    for (const name of ends) root.removeEventListener(name, end);
    delete root.dataset.composing;
    setTimeout(() => mount(root));
  };
  for (const name of ends) root.addEventListener(name, end);
  const patience = composing === 'perhaps' ? setTimeout(end, 1500) : 0;
}

for (const root of document.querySelectorAll('[data-rich]')) begin(root);
