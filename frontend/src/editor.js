// The editor: CodeMirror in a shadow root, whose styles are adopted there, so that the policy of the page stays strict.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, drawSelection, keymap, lineNumbers } from '@codemirror/view';
import { sparql } from 'codemirror-lang-sparql';
import { completions } from './completion.js';
import { colours, look } from './look.js';

const setMistakes = StateEffect.define();
const mistakes = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) if (effect.is(setMistakes)) return effect.value;
    return marks.map(change.changes);
  },
  provide: field => EditorView.decorations.from(field),
});

// An editor that stands for `field` in its form; `run` is what Ctrl+Enter does.
export function makeEditor(form, field, run) {
  const label = form.querySelector(`label[for="${field.id}"]`);
  const host = Object.assign(document.createElement('div'), { id: 'editor', dir: 'ltr', lang: 'en' });
  field.before(host);
  field.hidden = true;
  const root = host.attachShadow({ mode: 'open' });
  const running = { key: 'Ctrl-Enter', mac: 'Cmd-Enter', run: () => (run(), true) };
  const view = new EditorView({
    root, parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        Prec.highest(keymap.of([running])),
        lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), sparql(),
        autocompletion({ override: completions(form), icons: false }),
        EditorView.lineWrapping, syntaxHighlighting(colours), look, mistakes,
        EditorView.contentAttributes.of({
          'aria-label': label.textContent, lang: 'en', dir: 'ltr', spellcheck: 'false', autocapitalize: 'off', tabindex: '0',
        }),
        EditorView.updateListener.of(change => {
          if (!change.docChanged) return;
          field.value = change.state.doc.toString();
          field.dispatchEvent(new Event('input'));
        }),
        EditorView.domEventHandlers({ beforeinput: replaceSelection }),
        // Tab is not taken: who goes through the page by keyboard goes on to the next field.
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
  label.addEventListener('click', () => view.focus());
  return new Editor(view);
}

// A browser that replaces a selection itself keeps the look of what it replaces in a style attribute, which the policy
// forbids: the editor does it in its place.
function replaceSelection(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== 'insertText' || event.data === null || empty || view.composing) return false;
  event.preventDefault();
  const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
  const taken = view.state.facet(EditorView.inputHandler).some(handle => handle(view, from, to, event.data, insert));
  if (!taken) view.dispatch(insert());
  return true;
}

class Editor {
  #view;

  constructor(view) {
    this.#view = view;
  }

  set text(text) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  // Mark the mistakes that the page tells, and go to the first.
  mark(page) {
    const { doc } = this.#view.state;
    const told = page.getElementById('mistakes');
    const places = (told?.dataset.marks ?? '').split(' ').filter(Boolean);
    const said = [...(told?.querySelectorAll('.problems > li') ?? [])].map(it => it.textContent.trim().replace(/\s+/g, ' '));
    const marks = places.map((place, number) => range(doc, place, said[number] ?? '')).filter(Boolean);
    this.#view.dispatch({
      effects: setMistakes.of(Decoration.set(marks, true)),
      ...(marks.length ? { selection: { anchor: marks[0].from }, scrollIntoView: true } : {}),
    });
  }
}

// `line:column:length` counts characters, the editor the units of UTF-16.
function range(doc, place, title) {
  const [line, column, length] = place.split(':').map(Number);
  if (line < 1 || line > doc.lines) return null;
  const { from, to, text } = doc.line(line);
  const characters = Array.from(text);
  const units = end => characters.slice(0, end).join('').length;
  let begin = Math.min(from + units(column - 1), to);
  const end = Math.min(from + units(column - 1 + Math.max(length, 1)), to);
  if (begin === end && begin > from) begin -= 1;  // behind the last character
  return begin === end ? null : Decoration.mark({ class: 'cm-mistake', attributes: { title } }).range(begin, end);
}
