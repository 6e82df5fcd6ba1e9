// The page of queries with a script: an editor in place of the text field, and answers without a new page.
// Everything that it shows is made by the server, so that nothing is told in two ways; without it all works as well.
import { Runner } from './running.js';
import { makeEditor } from './editor.js';
import { offerFilter } from './filtering.js';
import { Tabs } from './tabs.js';
import { Whole } from './whole/whole.js';

const form = document.getElementById('ask');
const field = document.getElementById('query');
const editor = makeEditor(form, field, () => form.requestSubmit());
const whole = new Whole(form);
const runner = new Runner(form, editor, address => {
  tabs.asked(address);
  offerFilter(form.dataset);
  whole.offer();
});
const tabs = new Tabs(form, field, editor, address => {
  editor.mark(document);
  whole.offer();
  history.replaceState(null, '', address || `/query?lang=${document.documentElement.lang}`);
});

form.addEventListener('submit', event => {
  event.preventDefault();
  runner.ask(`${form.action}?${new URLSearchParams(new FormData(form))}`);
});
// Sorting, paging and the like are links of the answers: they lead to the same page, whose parts are put in place.
// What leads to another query opens it, in a tab of its own.
document.getElementById('outcome').addEventListener('click', event => {
  const link = event.target.closest('a[href^="/query?"]:not(.open)');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  runner.ask(link.href);
});
// Where the query is long they are buttons of a form that has it once.
document.getElementById('outcome').addEventListener('submit', event => {
  // What leads elsewhere, or to another query, is the browser's.
  if (new URL(event.target.action).pathname !== '/query' || event.submitter?.name === 'counted') return;
  event.preventDefault();
  runner.ask(`${event.target.action}?${new URLSearchParams(new FormData(event.target, event.submitter))}`);
});
window.addEventListener('popstate', () => {
  tabs.returned(location.href);
  if (!takeFragment()) runner.ask(location.href, { again: true });
});
editor.mark(document);
offerFilter(form.dataset);
whole.offer();
if (new URLSearchParams(location.search).get('query')) tabs.asked(location.href);
if (!takeFragment()) runner.elsewhere();

// Links of other query pages have the query behind the number sign, where no server sees it.
function takeFragment() {
  const given = new URLSearchParams(location.hash.slice(1)).get('query');
  if (given === null) return false;
  editor.text = given;
  form.requestSubmit();
  return true;
}
