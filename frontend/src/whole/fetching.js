// The whole answer to the query of the page, row by row from the endpoint, as far as it is taken here.
import { Splitter } from './reading.js';
import { Slices } from './slices.js';

export const MOST_ROWS = 100_000;
export const MOST_MEGABYTES = 64;
const PIECE = 1 << 16;  // bytes that are taken apart at once

// The parameters that ask the endpoint for what the page shows; null where it is no table of a SELECT.
export function source(outcome, form) {
  const link = outcome.querySelector('.formats a[href^="/sparql?"][href$="format=json"]');
  const fields = outcome.querySelector('#data');
  if (!link && !(fields && outcome.querySelector('button[form=data][value=json]'))) return null;
  const asked = link ? new URL(link.href).searchParams : new URLSearchParams(new FormData(fields));
  asked.delete('format');
  const collation = form.querySelector('input[name=collation]')?.value;
  if (collation) asked.set('collation', collation);
  return asked;
}

// Take the rows of an answer: `begin` is called with its columns, `take` with each row, `tell` with the bytes so far. Gives
// how it ended: `all`, `most`, `cancelled`, `broken` or `refused`, and what the endpoint says of it.
export async function fetchRows(asked, { begin, take, tell }, signal) {
  const splitter = new Splitter();
  let [count, bytes, answer] = [0, 0, null];
  try {
    answer = await fetch('/sparql', {
      method: 'POST', signal, body: asked, headers: { Accept: 'application/sparql-results+json' },
    });
    if (!answer.ok) return { ended: 'refused', said: await problems(answer) };
    const reader = answer.body.getReader();
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const slices = new Slices(signal);
    for (;;) {
      const { done, value = new Uint8Array() } = await reader.read();
      for (let at = 0; at < value.length || done; at += PIECE) {
        const piece = value.subarray(at, at + PIECE);
        const isBegun = splitter.columns !== null;
        const rows = splitter.add(done ? decoder.decode() : decoder.decode(piece, { stream: true }));
        if (!isBegun && splitter.columns) begin(splitter.columns);
        for (const row of rows) {
          if (count === MOST_ROWS) return await left(reader);
          take(row);
          count += 1;
        }
        if (done) return { ended: 'all', said: splitter.finish() };
        bytes += piece.length;
        tell(bytes);
        if (bytes > MOST_MEGABYTES * 1e6) return await left(reader);
        if (slices.due) await slices.rest();
      }
    }
  } catch (error) {
    if (error.name === 'AbortError') return { ended: 'cancelled', said: [] };
    // The connection has ended before the answer, or the answer before its end.
    if (error instanceof TypeError || error instanceof SyntaxError) return { ended: answer ? 'broken' : 'refused', said: [] };
    throw error;
  }
}

async function left(reader) {
  await reader.cancel();
  return { ended: 'most', said: [] };
}

async function problems(answer) {
  try {
    const told = await answer.json();
    return told.errors ?? [{ message: told.detail ?? told.title }];
  } catch (error) {
    if (error instanceof SyntaxError) return [{ message: `${answer.status} ${answer.statusText}` }];
    throw error;
  }
}
