// What the buttons do, and when they are pressed or off.
import { lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import { redo, redoDepth, undo, undoDepth } from 'prosemirror-history';
import { liftListItem, wrapInList } from 'prosemirror-schema-list';
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  deleteColumn,
  deleteRow,
  deleteTable,
  isInTable,
  toggleHeaderRow,
} from 'prosemirror-tables';
import { TextSelection } from 'prosemirror-state';
import { schema } from './schema.mjs';

const { nodes, marks } = schema;

/** The nearest ancestor of a type, with its depth. */
function around(state, ...types) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (types.includes(node.type)) return { node, depth, at: $from.before(depth) };
  }
  return null;
}

/** Into a list, out of it, or into the other kind of list. */
export const toggleList = (type) => (state, dispatch, view) => {
  const list = around(state, nodes.bullet_list, nodes.ordered_list);
  if (!list) return wrapInList(type)(state, dispatch, view);
  if (list.node.type === type) return liftListItem(nodes.list_item)(state, dispatch, view);
  dispatch?.(state.tr.setNodeMarkup(list.at, type, type === nodes.ordered_list ? { start: 1 } : null));
  return true;
};

const toggleBlock = (type, attrs) => (state, dispatch, view) => {
  const { parent } = state.selection.$from;
  const isIt = parent.type === type && Object.entries(attrs ?? {}).every(([key, value]) => parent.attrs[key] === value);
  return setBlockType(isIt ? nodes.paragraph : type, isIt ? null : attrs)(state, dispatch, view);
};

const toggleQuote = (state, dispatch, view) =>
  around(state, nodes.blockquote) ? lift(state, dispatch, view) : wrapIn(nodes.blockquote)(state, dispatch, view);

function insertTable(state, dispatch) {
  if (isInTable(state)) return false;
  const row = (type) => nodes.table_row.create(null, [0, 1, 2].map(() => type.createAndFill()));
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  if (dispatch) {
    const change = state.tr.replaceSelectionWith(table);
    let first = null;
    change.doc.nodesBetween(0, change.doc.content.size, (node, at) => {
      if (first === null && node.type === nodes.table && at + node.nodeSize >= change.mapping.map(state.selection.from)) first = at;
      return first === null;
    });
    if (first !== null) change.setSelection(TextSelection.near(change.doc.resolve(first + 3)));
    dispatch(change.scrollIntoView());
  }
  return true;
}

const hasMark = (type) => (state) => {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
};
const isIn = (...types) => (state) => Boolean(around(state, ...types));
const isHeading = (level) => (state) => state.selection.$from.parent.type === nodes.heading && state.selection.$from.parent.attrs.level === level;
const isList = (type) => (state) => around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === type;

/** By the name that the button has in `data-do`: what it does, when it is pressed, when it can be used. */
export const commands = {
  strong: { run: toggleMark(marks.strong), isOn: hasMark(marks.strong) },
  em: { run: toggleMark(marks.em), isOn: hasMark(marks.em) },
  strike: { run: toggleMark(marks.strike), isOn: hasMark(marks.strike) },
  code: { run: toggleMark(marks.code), isOn: hasMark(marks.code) },
  // The dialog does it.
  link: { isOn: (state) => Boolean(linkAt(state)) },
  h2: { run: toggleBlock(nodes.heading, { level: 2 }), isOn: isHeading(2) },
  h3: { run: toggleBlock(nodes.heading, { level: 3 }), isOn: isHeading(3) },
  bullets: { run: toggleList(nodes.bullet_list), isOn: isList(nodes.bullet_list) },
  numbers: { run: toggleList(nodes.ordered_list), isOn: isList(nodes.ordered_list) },
  quote: { run: toggleQuote, isOn: isIn(nodes.blockquote) },
  block: { run: toggleBlock(nodes.code_block), isOn: isIn(nodes.code_block) },
  table: { run: insertTable, isOn: isInTable },
  undo: { run: undo, isOff: (state) => undoDepth(state) === 0 },
  redo: { run: redo, isOff: (state) => redoDepth(state) === 0 },
  'row-before': { run: addRowBefore },
  'row-after': { run: addRowAfter },
  'column-before': { run: addColumnBefore },
  'column-after': { run: addColumnAfter },
  'row-delete': { run: deleteRow },
  'column-delete': { run: deleteColumn },
  'row-header': { run: toggleHeaderRow },
  'table-delete': { run: deleteTable },
};

/** The link at the cursor or the first one of the selection, with its whole reach. */
export function linkAt(state) {
  const { $from, from, to, empty } = state.selection;
  const type = marks.link;
  let found = null;
  const look = (start, end) =>
    state.doc.nodesBetween(start, end, (node, at) => {
      const mark = node.isText && type.isInSet(node.marks);
      if (!mark || found) return;
      found = { href: mark.attrs.href, from: at, to: at + node.nodeSize, text: node.text };
    });
  if (empty) {
    const start = $from.start();
    $from.parent.forEach((node, offset) => {
      const at = start + offset;
      const mark = node.isText && type.isInSet(node.marks);
      if (mark && at <= from && from <= at + node.nodeSize) found = { href: mark.attrs.href, from: at, to: at + node.nodeSize };
    });
  } else look(from, to);
  if (!found) return null;
  // Bold words inside make several nodes of one link.
  const parent = state.doc.resolve(found.from).parent;
  const start = state.doc.resolve(found.from).start();
  const isSame = (node) => node.marks.some((mark) => mark.type === type && mark.attrs.href === found.href);
  let run = null;
  parent.forEach((node, offset) => {
    const at = start + offset;
    if (!isSame(node)) {
      if (run && run.to < found.to) run = null;
      return;
    }
    if (run && run.to === at) run.to = at + node.nodeSize;
    else if (!run || run.to <= found.from) run = { from: at, to: at + node.nodeSize };
  });
  return { href: found.href, ...(run ?? { from: found.from, to: found.to }) };
}
