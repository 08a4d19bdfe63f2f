// What is inserted by `/`: at the beginning of a word it opens a list beneath the caret, which the server fills for what
// is typed behind it. Where to ask stands in the form, in `data-slash`; an editor whose form has none has no list.
import { Slice } from 'prosemirror-model';
import { Plugin, PluginKey, Selection } from 'prosemirror-state';
import { schema } from './schema.mjs';

const key = new PluginKey('slash');
const PAUSE = 120;
let lists = 0;

/** The `/` before the caret and what is typed behind it. Inside a word, an address or code it is a character. */
function typed(state) {
  const { $from, empty } = state.selection;
  const { parent, parentOffset } = $from;
  if (!empty || !parent.inlineContent || parent.type.spec.code || schema.marks.code.isInSet(state.storedMarks ?? $from.marks())) return null;
  const before = parent.textBetween(Math.max(0, parentOffset - 40), parentOffset, null, '\ufffc');
  // Chinese keyboards write 、 where others write a slash; nothing begins with it.
  const found = /(?:^|[\s\ufffc，。；：！？、（“])\/([^\s/]{0,20})$/u.exec(before) ?? (before.length === parentOffset && /^、([^\s/、]{0,20})$/u.exec(before));
  return found ? { from: $from.pos - found[1].length - 1, to: $from.pos, query: found[1] } : null;
}

async function ask(path, fields) {
  const body = new URLSearchParams(Object.entries(fields).map(([name, value]) => [`input[${name}]`, value]));
  const answer = await fetch(path, { method: 'POST', body, headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** The list: an element of the page, never of the text. */
function makeList(root, words) {
  lists += 1;
  const box = document.createElement('div');
  box.className = 'options slash';
  box.id = `slash-${lists}`;
  box.hidden = true;
  box.setAttribute('role', 'listbox');
  box.setAttribute('aria-label', words.list);
  const said = document.createElement('span');
  said.className = 'sr';
  said.setAttribute('role', 'status');
  root.append(box, said);
  return { box, said };
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function rowOf(offer, id, words) {
  const row = element('div', '', '');
  row.id = id;
  row.setAttribute('role', 'option');
  if (offer.is_macro) row.append(element('span', 'tag', words.macro));
  row.append(element('b', '', offer.title));
  if (offer.shortcut) row.append(element('span', 'end', `/${offer.shortcut}`));
  row.append(element('span', 'more', [offer.folder, offer.words].filter(Boolean).join(' – ')));
  return row;
}

const hasFiles = (form) => [...form.querySelectorAll('input[type=file]')].some((input) => input.files.length > 0);

/** The plugin, in a list; none where the form does not say where to ask. */
export function slash(root, editor, docOf) {
  const line = editor.form?.querySelector('[data-slash]');
  if (!line) return [];
  const words = JSON.parse(line.dataset.slash);
  const select = line.querySelector('select');
  const button = line.querySelector('[data-part=insert]');
  const { box, said } = makeList(root, words);
  let open = null;
  let closedAt = null;
  let offers = [];
  // What was typed when the server was asked for those offers, and whether Enter was pressed before the next ones are there.
  let shownFor = null;
  let wanted = false;
  let at = 0;
  let timer = 0;
  let round = 0;

  const isShown = () => !box.hidden;

  /** The text no longer says that it has a list. */
  function unlink(view) {
    for (const name of ['aria-activedescendant', 'aria-controls', 'aria-autocomplete']) view.dom.removeAttribute(name);
  }

  function close(view) {
    clearTimeout(timer);
    round += 1;
    open = null;
    offers = [];
    shownFor = null;
    wanted = false;
    box.hidden = true;
    said.textContent = '';
    unlink(view);
  }

  function point(view, to) {
    at = to;
    [...box.children].forEach((row, place) => {
      row.classList.toggle('at', place === at);
      row.setAttribute('aria-selected', String(place === at));
    });
    box.children[at]?.scrollIntoView({ block: 'nearest' });
    view.dom.setAttribute('aria-activedescendant', `${box.id}-${at}`);
  }

  function put(view) {
    const caret = view.coordsAtPos(open.from);
    const around = root.getBoundingClientRect();
    const room = around.width - box.offsetWidth - 8;
    box.style.insetInlineStart = `${Math.max(8, Math.min(caret.left - around.left, room))}px`;
    box.style.insetBlockStart = `${caret.bottom - around.top + 4}px`;
  }

  function show(view) {
    box.replaceChildren(
      ...offers.map((offer, place) => {
        const row = rowOf(offer, `${box.id}-${place}`, words);
        row.addEventListener('mousemove', () => place !== at && point(view, place));
        row.addEventListener('click', () => choose(view, offer));
        return row;
      }),
    );
    box.hidden = offers.length === 0;
    said.textContent = offers.length === 0 ? words.none : words.found.replace('{}', offers.length);
    if (offers.length === 0) {
      unlink(view);
      return;
    }
    view.dom.setAttribute('aria-autocomplete', 'list');
    view.dom.setAttribute('aria-controls', box.id);
    put(view);
    point(view, 0);
  }

  function look(view) {
    clearTimeout(timer);
    round += 1;
    const mine = round;
    const { query } = open;
    // Enter was meant for what stood there before.
    wanted = false;
    timer = setTimeout(
      async () => {
        try {
          const found = await ask(words.find, { ticket: words.ticket, q: query });
          if (mine !== round || view.isDestroyed) return;
          offers = found;
          shownFor = query;
          show(view);
          const isMeant = wanted && offers.length > 0 && !offers[0].is_macro;
          wanted = false;
          // Words can be taken out again. A macro acts: whoever has not seen it in the list has not chosen it.
          if (isMeant) choose(view, offers[0]);
        } catch {
          // Offline, or signed out: what is typed is text.
          if (mine === round) close(view);
        }
      },
      isShown() ? PAUSE : 0,
    );
  }

  function choose(view, offer) {
    const { from, to } = open;
    close(view);
    if (offer.is_macro) {
      // The form does it: what a macro changes is seen on the page that comes back.
      view.dispatch(view.state.tr.delete(from, to));
      select.value = offer.id;
      button.click();
    } else take(view, offer.id, from, to);
  }

  /** Fetches the words and puts them where the slash stood, wherever that is by then. */
  async function take(view, preset, from, to) {
    const id = {};
    view.dispatch(view.state.tr.setMeta(key, { add: { id, from, to } }));
    let html = null;
    try {
      html = await ask(words.take, { ticket: words.ticket, preset });
    } catch {
      editor.say(words.failed, true);
    }
    if (view.isDestroyed) return;
    const place = key.getState(view.state).find((waiting) => waiting.id === id);
    const change = view.state.tr.setMeta(key, { remove: id });
    if (html !== null && place) {
      const { content } = docOf(html);
      const isLine = content.childCount === 1 && content.firstChild.type === schema.nodes.paragraph;
      change.replaceRange(place.from, place.to, new Slice(isLine ? content.firstChild.content : content, 0, 0));
      change.setSelection(Selection.near(change.doc.resolve(change.mapping.map(place.to)), -1)).scrollIntoView();
    }
    view.dispatch(change);
    view.focus();
  }

  box.addEventListener('mousedown', (event) => event.preventDefault());
  const plugin = new Plugin({
    key,
    state: {
      init: () => [],
      apply(transaction, waiting) {
        const { mapping } = transaction;
        const moved = waiting.map((one) => ({ ...one, from: mapping.map(one.from, 1), to: mapping.map(one.to, -1) }));
        const change = transaction.getMeta(key);
        if (change?.add) return [...moved, change.add];
        return change?.remove ? moved.filter((one) => one.id !== change.remove) : moved;
      },
    },
    props: {
      handleKeyDown(view, event) {
        if (!isShown() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
        const step = { ArrowDown: 1, ArrowUp: offers.length - 1 }[event.key];
        if (step !== undefined) point(view, (at + step) % offers.length);
        else if (event.key === 'Enter' || event.key === 'Tab') {
          // Until the server has answered, the rows are those of what was typed before.
          if (shownFor === open.query) choose(view, offers[at]);
          else wanted = true;
        } else if (event.key === 'Escape') {
          closedAt = open.from;
          close(view);
          // Nothing else on the page is meant by it.
          event.stopPropagation();
        } else return false;
        event.preventDefault();
        return true;
      },
      handleDOMEvents: {
        blur(view) {
          close(view);
          return false;
        },
      },
    },
    view(view) {
      const press = (event) => {
        const option = select.selectedOptions[0];
        if (!option?.value) return;
        if (option.dataset.macro === undefined) {
          const { from, to } = view.state.selection;
          take(view, option.value, from, to);
          select.value = '';
        } else if (hasFiles(editor.form)) {
          // The page that comes back after a macro cannot choose them again.
          editor.say(words.files, true);
        } else return;
        event.preventDefault();
      };
      button?.addEventListener('click', press);
      return {
        update(view, before) {
          const isTyped = !before.doc.eq(view.state.doc);
          const now = typed(view.state);
          if (!now) {
            if (isTyped) closedAt = null;
            if (open) close(view);
            return;
          }
          // Escape is meant for this slash, and a caret that only passes one opens nothing.
          if (now.from === closedAt || (!open && !isTyped)) return;
          const isNew = open?.query !== now.query || open.from !== now.from;
          open = now;
          if (isNew) look(view);
        },
        destroy() {
          button?.removeEventListener('click', press);
          box.remove();
          said.remove();
        },
      };
    },
  });
  return [plugin];
}
