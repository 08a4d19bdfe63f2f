// Pictures go up when they are pasted or dropped and stand in the text; every other file joins the form's own list.
import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { schema } from './schema.mjs';

const waiting = new PluginKey('waiting');
const SHOWN = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Marks the places whose picture is still on its way. */
export const placeholders = () =>
  new Plugin({
    key: waiting,
    state: {
      init: () => DecorationSet.empty,
      apply(transaction, set) {
        const moved = set.map(transaction.mapping, transaction.doc);
        const change = transaction.getMeta(waiting);
        if (change?.add) return moved.add(transaction.doc, [Decoration.widget(change.at, bone, { id: change.add })]);
        if (change?.remove) return moved.remove(moved.find(undefined, undefined, (spec) => spec.id === change.remove));
        return moved;
      },
    },
    props: { decorations: (state) => waiting.getState(state) },
  });

function bone() {
  const element = document.createElement('span');
  element.className = 'rich-wait';
  return element;
}

/** Whether a picture is still on its way. */
export const isBusy = (state) => waiting.getState(state).find().length > 0;

/** Takes files: pictures into the text at `at`, the rest to the form. */
export function takeFiles(view, files, at, editor) {
  const pictures = editor.upload ? files.filter((file) => SHOWN.includes(file.type)) : [];
  const others = files.filter((file) => !pictures.includes(file));
  for (const picture of pictures) send(view, picture, at, editor);
  if (others.length > 0) attach(others, editor);
}

async function send(view, file, at, editor) {
  const id = {};
  view.dispatch(view.state.tr.setMeta(waiting, { add: id, at }));
  let made = null;
  try {
    const body = new FormData();
    body.append('file', file, file.name || 'image.png');
    const answer = await fetch(editor.upload, { method: 'POST', body, headers: { accept: 'application/json' } });
    if (answer.ok) made = await answer.json();
  } catch {
    // Offline, or the page is being left: the file is kept as an attachment below.
  }
  if (view.isDestroyed) return;
  const place = waiting.getState(view.state).find(undefined, undefined, (spec) => spec.id === id)[0]?.from;
  const change = view.state.tr.setMeta(waiting, { remove: id });
  if (made && place !== undefined) {
    const alt = /^(image|clipboard)?\.?\w*$/i.test(file.name) ? '' : file.name.replace(/\.\w+$/, '');
    change.replaceWith(place, place, schema.nodes.image.create({ file: made, alt }));
  }
  view.dispatch(change);
  if (!made) attach([file], editor);
}

function attach(files, editor) {
  const input = editor.form?.querySelector('input[type=file]');
  if (!input) return;
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  editor.say(editor.words.attached.replace('{}', files.map((file) => file.name).join(', ')));
}

/** The files of a paste that is nothing but files: Word and Excel add a picture of the words, which nobody wants. */
export function pastedFiles(data) {
  const files = [...(data?.files ?? [])];
  const html = data?.getData('text/html') ?? '';
  const hasWords = html.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '').replace(/<[^>]*>/g, '').trim() !== '' || (!html && data?.getData('text/plain'));
  return hasWords ? [] : files;
}
