// node rows.js < TASKS: what the script of the query page makes of whole answers, without a browser, as JSON.
//
// TASKS is {"folded": [text], "answers": [{"text", "sizes", "words", "inColumns", "sort"}]}.
import { readFileSync } from 'node:fs';
import { fold } from '../../../frontend/src/folding.js';
import { triple } from '../../../frontend/src/whole/cells.js';
import { Splitter } from '../../../frontend/src/whole/reading.js';
import { Rows } from '../../../frontend/src/whole/rows.js';
import { Slices } from '../../../frontend/src/whole/slices.js';
import { written } from '../../../frontend/src/whole/writing.js';

async function held({ text, sizes, words, inColumns, sort: [column, falls] }) {
  const splitter = new Splitter();
  let rows = null;
  let turn = 0;
  for (let at = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length];
    const found = splitter.add(text.slice(at, at + size));
    if (splitter.columns) rows ??= new Rows(splitter.columns);
    found.forEach(row => rows.add(row));
    at += size;
  }
  let said;
  try {
    said = splitter.finish();
  } catch (error) {
    return { broken: error.name, count: rows?.count ?? 0 };
  }
  const textOf = number => (rows.terms[number].type === 'triple' ? triple(rows.terms[number]) : rows.terms[number].value);
  await rows.sort(column, falls, { textOf, isNamed: () => false }, 'en');
  const kept = await rows.keep(words, inColumns, textOf);
  const slices = new Slices();
  const files = {};
  for (const format of ['csv', 'tsv']) files[format] = await (await written(rows, kept, format, slices)).text();
  return { said, columns: rows.columns, count: rows.count, kept: [...kept], ...files };
}

const tasks = JSON.parse(readFileSync(0, 'utf8'));
const answers = [];
for (const answer of tasks.answers) answers.push(await held(answer));
process.stdout.write(JSON.stringify({ folded: tasks.folded.map(fold), answers }));
