// Rows as a file, as the endpoint writes them (SPARQL 1.1 Query Results CSV and TSV Formats).
import { triple } from './cells.js';

const SHORT = Object.fromEntries(Object.entries({
  boolean: /^(true|false)$/, integer: /^[+-]?\d+$/, decimal: /^[+-]?\d*\.\d+$/, double: /^[+-]?(\d+\.?\d*|\.\d+)e[+-]?\d+$/i,
}).map(([name, written]) => [`http://www.w3.org/2001/XMLSchema#${name}`, written]));
const FORMATS = {
  csv: { type: 'text/csv', sign: ',', end: '\r\n', heading: name => name, value: csv },
  tsv: { type: 'text/tab-separated-values', sign: '\t', end: '\n', heading: name => `?${name}`, value: tsv },
};

// The rows of these numbers, in their order, as a Blob.
export async function written(rows, numbers, format, slices) {
  const { type, sign, end, heading, value } = FORMATS[format];
  const pieces = [rows.columns.map(heading).join(sign) + end];
  const texts = [''];
  const line = number => rows.columns.map((_, column) => {
    const term = rows.cell(number, column);
    return texts[term] ??= value(rows.terms[term]);
  }).join(sign) + end;
  for (let begin = 0; begin < numbers.length; begin += 500) {
    pieces.push(Array.from(numbers.subarray(begin, begin + 500), line).join(''));
    if (slices.due) await slices.rest();
  }
  return new Blob(pieces, { type: `${type};charset=utf-8` });
}

function csv(term) {
  const text = bare(term);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function bare({ type, value }) {
  if (type === 'triple') return ['subject', 'predicate', 'object'].map(part => bare(value[part])).join(' ');
  return type === 'bnode' ? `_:${value}` : value;
}

// Numbers and truth as Turtle has them, where they are written so (section 4 of the formats).
function tsv(term) {
  return term.type === 'literal' && SHORT[term.datatype]?.test(term.value) ? term.value : triple(term);
}
