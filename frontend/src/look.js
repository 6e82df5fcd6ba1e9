// Colours of the editor in light and dark, each with a contrast of 4.5 at least against the page (WCAG 2.2, 1.4.3).
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'light-dark(#7a1fa2, #d7a8f0)', fontWeight: '600' },
  { tag: tags.variableName, color: 'light-dark(#0b4f9e, #9cc4ff)' },
  { tag: tags.string, color: 'light-dark(#8a3c00, #f0b48a)' },
  { tag: [tags.integer, tags.float, tags.bool], color: 'light-dark(#8a1f4c, #f2a6c4)' },
  { tag: [tags.namespace, tags.url, tags.typeName], color: 'light-dark(#0b5c4a, #6fd0b8)' },
  { tag: tags.comment, color: 'light-dark(#5c5c5c, #b0b0b0)', fontStyle: 'italic' },
  { tag: tags.annotation, color: 'light-dark(#5c5c00, #d8d878)' },
]);

export const look = EditorView.theme({
  '&': { border: '1px solid var(--line)', background: 'light-dark(#fff, #1b1b1b)', color: 'CanvasText' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '2px' },
  '.cm-scroller': { font: '.95rem/1.5 ui-monospace, monospace', minHeight: '6rem', maxHeight: '60vh', overflow: 'auto' },
  '.cm-content': { caretColor: 'CanvasText', minHeight: '6rem', textAlign: 'left' },
  '.cm-cursor': { borderLeftColor: 'CanvasText' },
  '.cm-gutters': { background: 'light-dark(#f4f4f4, #262626)', color: 'light-dark(#5c5c5c, #b0b0b0)', border: '0' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'light-dark(#bcdcff, #2f4f7a)',
  },
  '.cm-mistake': {
    background: 'light-dark(#ffd9d6, #7a1f1b)', outline: '1px solid light-dark(#b3261e, #f2b8b5)',
    textDecoration: 'underline wavy light-dark(#b3261e, #f2b8b5)',
  },
  '.cm-tooltip': { background: 'Canvas', color: 'CanvasText', border: '1px solid var(--line)', maxWidth: '95vw' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '.9rem/1.5 system-ui, sans-serif', maxWidth: '95vw' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'light-dark(#0b5c4a, #6fd0b8)', color: 'light-dark(#fff, #000)' },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '1', unicodeBidi: 'isolate' },
});
