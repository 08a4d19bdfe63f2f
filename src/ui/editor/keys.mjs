// Keys, and the marks that are typed: Markdown's beginnings become what they mean.
import { baseKeymap, chainCommands, exitCode, toggleMark } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import { InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list';
import { goToNextCell } from 'prosemirror-tables';
import { schema } from './schema.mjs';
import { trimmed } from './paste.mjs';
import { toggleList } from './command.mjs';

const { nodes, marks } = schema;

function lineBreak(state, dispatch) {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** Tab moves between the cells of a table and leaves the editor everywhere else. */
export function keys(editor) {
  const send = () => {
    editor.form?.requestSubmit();
    return true;
  };
  const toToolbar = () => {
    editor.focusBar();
    return true;
  };
  return [
    keymap({
      'Mod-b': toggleMark(marks.strong),
      'Mod-i': toggleMark(marks.em),
      'Mod-e': toggleMark(marks.code),
      'Mod-Shift-x': toggleMark(marks.strike),
      'Mod-Shift-7': toggleList(nodes.ordered_list),
      'Mod-Shift-8': toggleList(nodes.bullet_list),
      'Mod-Enter': send,
      'Alt-F10': toToolbar,
      'Mod-z': undo,
      'Mod-y': redo,
      'Shift-Mod-z': redo,
      Backspace: undoInputRule,
      Enter: splitListItem(nodes.list_item),
      'Mod-]': sinkListItem(nodes.list_item),
      'Mod-[': liftListItem(nodes.list_item),
      'Shift-Enter': chainCommands(exitCode, lineBreak),
      Tab: goToNextCell(1),
      'Shift-Tab': goToNextCell(-1),
    }),
    keymap(baseKeymap),
  ];
}

/** `**bold**` and its kin: the words between two signs. */
function marked(pattern, type) {
  return new InputRule(pattern, (state, match, start, end) => {
    const words = match.at(-1);
    const from = start + match[0].lastIndexOf(words);
    const signs = match[0].indexOf(words);
    const before = match[1] ?? '';
    const change = state.tr;
    if (end > from + words.length) change.delete(from + words.length, end);
    change.delete(start + before.length, start + signs);
    change.addMark(start + before.length, start + before.length + words.length, type.create());
    return change.removeStoredMark(type);
  });
}

export function rules() {
  const asked = new InputRule(/(https?:\/\/[\x21-\x7e]+)\s$/, (state, match, start, end) => {
    const href = trimmed(match[1]);
    const from = state.doc.resolve(start);
    if (from.parent.type.spec.code || state.doc.rangeHasMark(start, end, marks.link)) return null;
    return state.tr.insertText(match[0].slice(match[1].length), end).addMark(start, start + href.length, marks.link.create({ href })).removeStoredMark(marks.link);
  });
  const rule = new InputRule(/^(---|——)$/, (state, match, start, end) => {
    const place = state.doc.resolve(start);
    if (place.depth !== 1) return null;
    return state.tr.delete(start, end).insert(place.before(), nodes.horizontal_rule.create());
  });
  return inputRules({
    rules: [
      wrappingInputRule(/^\s*([-*+])\s$/, nodes.bullet_list),
      wrappingInputRule(/^(\d{1,3})(?:[.)]\s|、)$/, nodes.ordered_list, (match) => ({ start: Number(match[1]) }), (match, node) => node.childCount + node.attrs.start === Number(match[1])),
      wrappingInputRule(/^\s*[>》]\s$/, nodes.blockquote),
      textblockTypeInputRule(/^(#{1,3})\s$/, nodes.heading, (match) => ({ level: match[1].length < 3 ? 2 : 3 })),
      textblockTypeInputRule(/^```$/, nodes.code_block),
      marked(/(^|[^*])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, marks.strong),
      marked(/(^|[^*])\*([^*\s](?:[^*]*[^*\s])?)\*$/, marks.em),
      marked(/()~~([^~\s](?:[^~]*[^~\s])?)~~$/, marks.strike),
      marked(/()`([^`]+)`$/, marks.code),
      rule,
      asked,
    ],
  });
}
