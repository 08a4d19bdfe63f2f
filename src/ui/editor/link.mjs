// The dialog of a link: address and words. Its fields have no names, so the form around it does not send them.
import { TextSelection } from 'prosemirror-state';
import { linkAt } from './command.mjs';
import { harmless, schema } from './schema.mjs';

/** An address as it was meant: a bare host or a mail address get their scheme. */
export function asked(text) {
  const typed = text.trim();
  if (typed === '' || harmless(typed)) return typed;
  if (/^[^\s@:/]+@[^\s@/]+\.[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(typed)) return null;
  return /^[^\s/]+\.[^\s/]{2,}/.test(typed) ? `https://${typed}` : null;
}

/** Makes the function that asks; the dialog was drawn by the server. */
export function linkDialog(view, dialog) {
  const part = (name) => dialog.querySelector(`[data-part=${name}]`);
  const [address, words, remove, save, field] = ['address', 'words', 'remove', 'save', 'field'].map(part);
  let place = null;

  const close = () => {
    dialog.close();
    view.focus();
  };
  const put = () => {
    const href = asked(address.value);
    if (!href) {
      field.classList.add('has-error');
      address.setAttribute('aria-invalid', 'true');
      address.focus();
      return;
    }
    const { from, to, isWhole } = place;
    const mark = schema.marks.link.create({ href });
    const text = words.value.trim() || address.value.trim();
    const change = view.state.tr;
    if (isWhole && words.value === place.text) change.removeMark(from, to, schema.marks.link).addMark(from, to, mark);
    else change.replaceWith(from, to, schema.text(text, mark.addToSet(view.state.doc.resolve(from).marks().filter((kept) => kept.type !== schema.marks.link))));
    change.setSelection(TextSelection.create(change.doc, change.mapping.map(to)));
    view.dispatch(change.removeStoredMark(schema.marks.link).scrollIntoView());
    close();
  };
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches('input')) {
      event.preventDefault();
      put();
    }
    event.stopPropagation();
  });
  save.addEventListener('click', put);
  part('cancel').addEventListener('click', close);
  dialog.addEventListener('cancel', () => setTimeout(() => view.focus()));
  remove.addEventListener('click', () => {
    view.dispatch(view.state.tr.removeMark(place.from, place.to, schema.marks.link));
    close();
  });

  return () => {
    // The browser tells of a moved selection a moment after it moved; a quick hand is here in between.
    view.domObserver.flush();
    const { state } = view;
    if (!state.selection.$from.parent.inlineContent || state.selection.$from.parent.type.spec.code) return;
    const link = linkAt(state);
    const { from, to } = link ?? state.selection;
    const text = state.doc.textBetween(from, to, ' ');
    place = { from, to, text, isWhole: from < to };
    address.value = link?.href ?? (harmless(text) ? text : '');
    words.value = text;
    remove.hidden = !link;
    field.classList.remove('has-error');
    address.removeAttribute('aria-invalid');
    dialog.showModal();
    address.focus();
    address.select();
  };
}
