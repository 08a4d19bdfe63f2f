// The toolbars: one stop for Tab, arrows within, as WAI-ARIA's toolbar pattern says.
import { isInTable } from 'prosemirror-tables';
import { commands } from './command.mjs';

/** Wires the toolbars that the server drew; the returned function brings them up to date. */
export function bars(view, root, editor) {
  const rows = [...root.querySelectorAll('[role=toolbar]')];
  const tableRow = rows.find((row) => row.dataset.for === 'table');
  for (const row of rows) {
    const buttons = [...row.querySelectorAll('button')];
    const stop = (button) => {
      for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    };
    stop(buttons[0]);
    row.addEventListener('keydown', (event) => {
      const at = buttons.indexOf(document.activeElement);
      const last = buttons.length - 1;
      const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        stop(buttons[to]);
        buttons[to].focus();
      } else if (event.key === 'Escape') {
        event.preventDefault();
        view.focus();
      }
    });
    row.addEventListener('focusin', (event) => {
      if (buttons.includes(event.target)) stop(event.target);
    });
    // The words stay selected while a button is pressed.
    row.addEventListener('mousedown', (event) => event.preventDefault());
    row.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button) press(button.dataset.do);
    });
  }

  function press(name) {
    if (name === 'link') editor.askLink();
    else if (name === 'image') editor.pickImage();
    else {
      commands[name]?.run(view.state, view.dispatch, view);
      view.focus();
    }
  }

  function refresh(state) {
    for (const button of rows.flatMap((row) => [...row.querySelectorAll('button')])) {
      const command = commands[button.dataset.do];
      if (!command) continue;
      if (command.isOn) button.setAttribute('aria-pressed', String(command.isOn(state)));
      if (command.isOff) button.setAttribute('aria-disabled', String(command.isOff(state)));
    }
    tableRow.hidden = !isInTable(state);
  }

  return { refresh, press, focus: () => rows[0].querySelector('button[tabindex="0"]')?.focus() };
}
