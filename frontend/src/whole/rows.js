// The rows of a whole answer: each cell is the number of a term, and each term is there once, so that a word is looked for
// in every text once, and 100,000 rows are some numbers.
import { fold } from '../folding.js';
import { Slices, sorted } from './slices.js';

const NUMBERS = new Set(['integer', 'decimal', 'double', 'float'].map(name => `http://www.w3.org/2001/XMLSchema#${name}`));
const KINDS = ['bnode', 'uri', 'literal', 'triple'];

export class Rows {
  #places = new Map(); #folded = []; #order = null;
  // Of the cells of all rows; nought is an empty one.
  #cells = new Int32Array(1 << 14);

  terms = [null];
  count = 0;

  constructor(columns) {
    this.columns = columns;
  }

  add(binding) {
    const wide = this.columns.length;
    const begin = this.count * wide;
    if (begin + wide > this.#cells.length) {
      const larger = new Int32Array(2 * (begin + wide));
      larger.set(this.#cells);
      this.#cells = larger;
    }
    for (let column = 0; column < wide; column += 1) {
      const term = binding[this.columns[column]];
      if (term) this.#cells[begin + column] = this.#numbered(term);
    }
    this.count += 1;
  }

  #numbered(term) {
    const key = term.type === 'triple' ? JSON.stringify(term)
      : [term.type[0], term.datatype ?? '', term['xml:lang'] ?? '', term['its:dir'] ?? '', term.value].join('\n');
    let number = this.#places.get(key);
    if (number === undefined) {
      number = this.terms.length;
      this.#places.set(key, number);
      this.terms.push(term);
    }
    return number;
  }

  // The number of the term of a cell.
  cell(row, column) {
    return this.#cells[row * this.columns.length + column];
  }

  // The rows that have all words, and in each column those of `inColumns`, in the order of the last `sort`; `textOf` says
  // what the term of a number says.
  async keep(words, inColumns, textOf, signal) {
    const slices = new Slices(signal);
    const wide = this.columns.length;
    let rows = this.#order ?? Int32Array.from({ length: this.count }, (_, row) => row);
    const sought = [
      ...parts(words).map(word => [word, 0, wide]),
      ...inColumns.flatMap((text, column) => parts(text).map(word => [word, column, column + 1])),
    ];
    for (const [word, from, to] of sought) {
      const has = new Int8Array(this.terms.length);  // 1 has it, -1 has not, 0 is not known yet
      const kept = new Int32Array(rows.length);
      let count = 0;
      for (const row of rows) {
        for (let column = from; column < to; column += 1) {
          const term = this.#cells[row * wide + column];
          if (!term) continue;
          if (!has[term]) has[term] = this.#text(term, textOf).includes(word) ? 1 : -1;
          if (has[term] < 0) continue;
          kept[count++] = row;
          break;
        }
        if (!(row & 255) && slices.due) await slices.rest();
      }
      rows = kept.subarray(0, count);
    }
    return rows;
  }

  // Have the texts of all terms in one form before somebody looks for a word.
  async prepare(textOf, signal) {
    const slices = new Slices(signal);
    for (let term = 1; term < this.terms.length; term += 1) {
      this.#text(term, textOf);
      if (!(term & 63) && slices.due) await slices.rest();
    }
  }

  #text(term, textOf) {
    return this.#folded[term] ??= textOf(term).split('\n').map(fold).join('\n');
  }

  // Put all rows into the order of a column: nothing, blank nodes, things, numbers by value, texts as the language has them;
  // -1 is the order of the answer. `textOf` says what a text or a name is sorted by, `isNamed` which things have one.
  async sort(column, falls, { textOf, isNamed }, language, signal) {
    if (column < 0) {
      this.#order = null;
      return;
    }
    const slices = new Slices(signal);
    const seen = new Uint8Array(this.terms.length);
    for (let row = 0; row < this.count; row += 1) seen[this.cell(row, column)] = 1;
    const collator = new Intl.Collator(language);
    const keys = new Array(seen.length);
    const numbers = [];
    for (let term = 1; term < seen.length; term += 1) {
      if (seen[term]) {
        keys[term] = sortKey(this.terms[term], term, textOf, isNamed);
        numbers.push(term);
      }
      if (!(term & 255) && slices.due) await slices.rest();
    }
    const compare = (one, other) => compared(keys[one], keys[other], collator);
    const terms = await sorted(numbers, compare, slices);
    const ranks = new Float64Array(seen.length);
    for (let place = 0, rank = 0; place < terms.length; place += 1) {
      if (!place || compare(terms[place - 1], terms[place])) rank += 1;
      ranks[terms[place]] = rank;
    }
    // Equal ones keep the order of the answer, whichever way it goes.
    const places = new Float64Array(this.count);
    for (let row = 0; row < this.count; row += 1) {
      const rank = ranks[this.cell(row, column)];
      places[row] = (falls ? terms.length - rank : rank) * this.count + row;
    }
    places.sort();
    this.#order = Int32Array.from(places, place => place % this.count);
  }
}

function parts(text) {
  return fold(text).split(' ').filter(Boolean);
}

function sortKey(term, number, textOf, isNamed) {
  const value = NUMBERS.has(term.datatype) ? numeric(term.value) : NaN;
  return [KINDS.indexOf(term.type), Number.isNaN(value), Number.isNaN(value) ? 0 : value, !isNamed(number), textOf(number),
    term.type === 'triple' ? '' : term.value, term['xml:lang'] ?? '', term.datatype ?? ''];
}

// As XML Schema writes numbers: 1, -0.5, 1.0E3, INF.
function numeric(text) {
  const infinite = /^\s*([+-]?)INF\s*$/.exec(text);
  if (infinite) return Number(`${infinite[1]}Infinity`);
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : NaN;
}

function compared(one, other, collator) {
  for (let part = 0; part < one.length; part += 1) {
    const [left, right] = [one[part], other[part]];
    if (left === right) continue;
    if (part !== 4) return left < right ? -1 : 1;
    const order = collator.compare(left, right);
    if (order) return order;
  }
  return 0;
}
