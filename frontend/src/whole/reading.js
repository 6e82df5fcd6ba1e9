// An answer in SPARQL 1.1 results JSON, taken apart while it arrives: what stands before the rows, the rows, and what
// stands behind them, where the endpoint tells what it has found out late.
const ROWS = /"bindings"\s*:\s*\[/;  // cannot stand in a string: its quotes would have backslashes

export class Splitter {
  #text = ''; #at = 0; #depth = 0; #isQuoted = false; #before = null; #after = null;

  // The names of the columns; null until they have come.
  columns = null;

  // The rows that are complete with this piece.
  add(piece) {
    if (this.#after !== null) {
      this.#after += piece;
      return [];
    }
    this.#text += piece;
    if (this.#before === null && !this.#open()) return [];
    return this.#rows();
  }

  // What the endpoint says of its answer, once all of it has come; throws a SyntaxError where the answer has no end.
  finish() {
    if (this.#after === null) throw new SyntaxError('the answer has no end');
    return JSON.parse(`${this.#before}]${this.#after}`).warnings ?? [];
  }

  #open() {
    const found = ROWS.exec(this.#text);
    if (!found) return false;
    const end = found.index + found[0].length;
    this.#before = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    this.columns = JSON.parse(`${this.#before}]}}`).head.vars;
    return true;
  }

  #rows() {
    const text = this.#text;
    let [at, depth, isQuoted, last] = [this.#at, this.#depth, this.#isQuoted, 0];
    let isOver = false;
    for (; at < text.length && !isOver; at += 1) {
      const code = text.charCodeAt(at);
      if (isQuoted) {
        if (code === 92) at += 1;  // a backslash, and what it stands before
        else if (code === 34) isQuoted = false;
      } else if (code === 34) isQuoted = true;
      else if (code === 123 || code === 91) depth += 1;
      else if (code === 125 || code === 93) {
        if (!depth) isOver = true;
        else if (!--depth) last = at + 1;
      }
    }
    const found = last ? JSON.parse(`[${text.slice(0, last).replace(/^\s*,/, '')}]`) : [];
    this.#text = isOver ? '' : text.slice(last);
    if (isOver) this.#after = text.slice(at);
    [this.#at, this.#depth, this.#isQuoted] = [at - last, depth, isQuoted];
    return found;
  }
}
