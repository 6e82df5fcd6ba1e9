// The whole answer in the browser: all rows at once, filtered while one types, in all columns or in one, sorted, and as a
// file. The pages of the server are put out of sight for it, and come back.
import { Cells, isWorded } from './cells.js';
import { fetchRows, MOST_MEGABYTES, MOST_ROWS, source } from './fetching.js';
import { Grid, make } from './grid.js';
import { Rows } from './rows.js';
import { Slices } from './slices.js';
import { written } from './writing.js';

const PAGES = '.only, .only ~ .note, .only ~ [role=status], .answers, .answers ~ .pager, .answers ~ .show';
const MOST_NAMED = 2_000;  // things, and other terms that are said in words, as on the pages of the server
const PATIENCE = 150;  // milliseconds after the last key
const SHOWN = 2_000;  // rows that are shown before all have come

// The switch between the pages of an answer and the whole of it; one answer is held at a time.
export class Whole {
  #form; #view = null;

  constructor(form) {
    this.#form = form;
  }

  // The page has an answer, or another one.
  offer() {
    const outcome = document.getElementById('outcome');
    const before = this.#view;
    if (before && !before.isShown) this.#leave();
    const asked = source(outcome, this.#form);
    const only = outcome.querySelector('.only');
    // The endpoint knows nothing of the values that rows are narrowed to: all rows would be more than the page says.
    if (!asked || !only || outcome.querySelector('.whole-do, .chips')) return;
    const place = make('p', { className: 'show whole-do' });
    const [pages, whole] = [this.#form.dataset.wholePages, this.#form.dataset.whole].map((text, isWhole) => {
      const button = make('button', { type: 'button', className: 'link', textContent: text });
      button.setAttribute('aria-pressed', String(!isWhole));
      return button;
    });
    pages.addEventListener('click', () => this.#leave());
    whole.addEventListener('click', () => this.#take(outcome, asked, place));
    place.append(`${this.#form.dataset.wholeRows} `, pages, ' · ', whole);
    // What tabs put away are the parts of the outcome: what comes and goes does so within one of them.
    const part = make('div');
    part.append(place);
    only.before(part);
    // The same query was asked again, to see it in another way.
    if (before && before.asked === asked.toString()) this.#take(outcome, asked, place);
  }

  #take(outcome, asked, place) {
    if (this.#view?.isOf(place)) return;
    this.#leave();
    this.#view = new View(outcome, asked, place, this.#form);
  }

  #leave() {
    this.#view?.close();
    this.#view = null;
  }
}

class View {
  #words; #switched; #hidden; #place; #status; #cancel; #notes; #field; #files; #rows; #cells; #grid; #numbers = new Int32Array();
  #iris; #language; #ending = new AbortController(); #work = null; #timer = 0; #inColumns = []; #order = [-1, false];
  #fetching = new AbortController(); #isComplete = false; #isSaid = [];

  // `switched` holds the buttons that lead here and back.
  constructor(outcome, asked, switched, form) {
    this.asked = asked.toString();
    this.#switched = switched;
    this.#words = form.dataset;
    this.#language = document.documentElement.lang;
    this.#iris = form.querySelector('input[name=show]')?.value ?? 'names';
    this.#hidden = [...outcome.querySelectorAll(PAGES)].filter(it => !it.hidden);
    for (const part of this.#hidden) part.hidden = true;
    this.#turnTo(true);
    this.#build(outcome);
    this.#fetch(asked);
  }

  get isShown() {
    return this.#place.isConnected;
  }

  close() {
    this.#ending.abort();
    this.#fetching.abort();
    this.#work?.abort();
    clearTimeout(this.#timer);
    this.#grid?.close();
    this.#place.remove();
    for (const part of this.#hidden) part.hidden = false;
    this.#turnTo(false);
  }

  isOf(switched) {
    return switched === this.#switched;
  }

  #turnTo(isWhole) {
    const [pages, whole] = this.#switched.querySelectorAll('button');
    pages.setAttribute('aria-pressed', String(!isWhole));
    whole.setAttribute('aria-pressed', String(isWhole));
  }

  #build(outcome) {
    const label = outcome.querySelector('.only label').textContent;
    const given = outcome.querySelector('#only').value;
    this.#place = make('div', { className: 'whole' });
    this.#field = make('input', { type: 'search', value: given, dir: 'auto', autocomplete: 'off', maxLength: 200, id: 'whole-only' });
    this.#field.addEventListener('input', () => this.#later());
    this.#status = make('span');
    this.#status.setAttribute('role', 'status');
    this.#cancel = make('button', { type: 'button', textContent: this.#words.cancel });
    this.#cancel.addEventListener('click', () => this.#fetching.abort());
    const line = make('div', { className: 'only' });
    line.append(make('label', { htmlFor: this.#field.id, className: 'inline', textContent: label }), this.#field, this.#cancel, this.#status);
    this.#notes = make('div', { className: 'whole-notes' });
    this.#notes.setAttribute('role', 'status');
    this.#files = make('p', { className: 'formats', hidden: true });
    this.#files.append(this.#words.wholeFiles, ...['csv', 'tsv'].map(format => this.#file(format)));
    this.#place.append(line, this.#notes, this.#files);
    this.#switched.after(this.#place);
  }

  #file(format) {
    const button = make('button', { type: 'button', className: 'link' });
    button.append(make('bdi', { textContent: format, lang: 'en', dir: 'ltr' }));
    button.addEventListener('click', () => this.#do(async signal => {
      const blob = await written(this.#rows, this.#numbers, format, new Slices(signal));
      const link = make('a', { href: URL.createObjectURL(blob), download: `answer.${format}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }));
    return button;
  }

  async #fetch(asked) {
    const { ended, said } = await fetchRows(asked, {
      begin: columns => this.#begin(columns),
      take: row => this.#rows.add(row),
      tell: bytes => {
        this.#say(this.#words.wholeSoFar, { rows: this.#rows?.count ?? 0, size: (bytes / 1e6).toFixed(1) });
        // The first rows are seen at once; while the others come, only how many they are is told.
        if (this.#rows && this.#numbers.length < Math.min(this.#rows.count, SHOWN)) this.#shown();
      },
    }, this.#fetching.signal);
    if (this.#ending.signal.aborted) return;
    this.#cancel.hidden = true;
    this.#told(ended, said);
    if (!this.#rows) {
      this.#field.parentElement.hidden = true;
      return;
    }
    this.#shown();
    this.#said();
    try {
      await this.#name(this.#ending.signal);
      this.#isComplete = true;
      if (this.#order[0] >= 0 || this.#field.value || this.#inColumns.some(Boolean)) this.#do(signal => this.#arranged(signal));
      else this.#said();
      await this.#rows.prepare(number => this.#textOf(number), this.#ending.signal);
    } catch (error) {
      if (error.name !== 'AbortError') throw error;  // the reader has gone back to the pages
    }
  }

  #begin(columns) {
    this.#rows = new Rows(columns);
    this.#inColumns = columns.map(() => '');
    const address = `/query/cells?${new URLSearchParams({ lang: this.#language, show: this.#iris })}`;
    this.#cells = new Cells(this.#rows.terms, address, () => this.#note(this.#words.wholeUnnamed), this.#ending.signal);
    this.#grid = new Grid(this.#rows, this.#cells, this.#words, {
      sorted: column => this.#turn(column),
      filtered: (column, text) => {
        this.#inColumns[column] = text;
        this.#later();
      },
    });
    this.#notes.after(this.#grid.region);
  }

  #shown() {
    this.#numbers = Int32Array.from({ length: this.#rows.count }, (_, row) => row);
    this.#grid.extend(this.#numbers);
  }

  // How the answer has ended, and what the endpoint says of it.
  #told(ended, said) {
    const filled = text => text.replace('{number}', this.#rows?.count ?? 0).replace('{most}', MOST_ROWS).replace('{size}', MOST_MEGABYTES);
    if (ended === 'most') this.#note(filled(this.#words.wholeMost));
    if (ended === 'cancelled') this.#note(filled(this.#words.wholeCancelled));
    if (ended === 'broken') this.#note(filled(this.#words.wholeBroken));
    if (ended === 'refused') this.#note(said.length ? this.#words.wholeSaid : this.#words.failed);
    else if (said.length) this.#note(this.#words.wholeSaid);
    for (const { message, where, hint } of said) {
      const place = where?.line ? `${[where.line, where.column].filter(Boolean).join(':')} ` : '';
      this.#note(`${place}${message}${hint ? ` (${hint})` : ''}`, true);
    }
  }

  #note(text, isForeign = false) {
    if ([...this.#notes.children].some(note => note.textContent === text)) return;
    const note = make('p');
    note.append(isForeign ? make('bdi', { textContent: text, lang: 'en', dir: 'ltr' }) : text);
    this.#notes.append(note);
  }

  // What the page says for the terms by which rows are filtered and sorted, column by column, where they are not too many.
  async #name(signal) {
    const { terms, columns } = this.#rows;
    const slices = new Slices(signal);
    const seen = columns.map(() => new Set());
    for (let row = 0; row < this.#rows.count; row += 1) {
      for (let column = 0; column < columns.length; column += 1) seen[column].add(this.#rows.cell(row, column));
      if (slices.due) await slices.rest();
    }
    const isThing = number => ['uri', 'bnode'].includes(terms[number].type);
    const isValue = number => terms[number].type === 'literal' && isWorded(terms[number]);
    for (const [isOne, said] of [[isThing, this.#words.wholeByIris], [isValue, this.#words.wholeAsWritten]]) {
      const numbers = seen.map(those => [...those].filter(number => number && isOne(number)));
      const over = columns.filter((_, column) => numbers[column].length > MOST_NAMED);
      if (over.length) this.#note(said.replace('{number}', MOST_NAMED).replace('{names}', over.join(' ')));
      for (const those of numbers.filter(it => it.length <= MOST_NAMED)) await this.#fetchNames(those, slices);
    }
  }

  async #fetchNames(numbers, slices) {
    try {
      await this.#cells.fetch(numbers, slices);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.#note(this.#words.wholeUnnamed);
    }
    for (const number of numbers) this.#isSaid[number] = true;
  }

  // What a term says where words are looked for: the same whether it has been seen or not.
  #textOf(number) {
    const term = this.#rows.terms[number];
    return this.#isSaid[number] || term.type === 'triple' ? this.#cells.textOf(number) : term.value;
  }

  #turn(column) {
    const [before, falls] = this.#order;
    this.#order = before !== column ? [column, false] : falls ? [-1, false] : [column, true];
    if (this.#isComplete) this.#do(signal => this.#arranged(signal));
  }

  #later() {
    if (!this.#isComplete) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#do(signal => this.#kept(signal)), PATIENCE);
  }

  // All rows in their order, and those of them that are asked for.
  async #arranged(signal) {
    const said = {
      textOf: number => (this.#rows.terms[number].type === 'literal' ? this.#rows.terms[number].value : this.#textOf(number)),
      isNamed: number => Boolean(this.#isSaid[number]) && this.#cells.isNamed(number),
    };
    this.#grid.mark(...this.#order);
    await this.#rows.sort(...this.#order, said, this.#language, signal);
    await this.#kept(signal);
  }

  async #kept(signal) {
    this.#numbers = await this.#rows.keep(this.#field.value, this.#inColumns, number => this.#textOf(number), signal);
    this.#grid.show(this.#numbers);
  }

  // One work at a time: a later one has the place.
  async #do(work) {
    this.#work?.abort();
    const mine = this.#work = new AbortController();
    this.#grid.region.setAttribute('aria-busy', 'true');
    try {
      await work(mine.signal);
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
    if (this.#work !== mine || this.#ending.signal.aborted) return;
    this.#grid.region.removeAttribute('aria-busy');
    this.#said();
  }

  // How many rows are left of how many; they can be taken as a file once they are all that is asked for.
  #said() {
    this.#files.hidden = !this.#isComplete;
    this.#say(this.#words.wholeKept, { found: this.#numbers.length, all: this.#rows.count });
  }

  #say(text, given = {}) {
    this.#status.textContent = Object.entries(given).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text);
  }
}
