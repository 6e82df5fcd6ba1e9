// Terms as the page shows them: names of things in the reader's language, numbers and dates in words, links, directions. The
// server makes them, some at a time and each once; until they have come, and if they do not, a term stands as it is written.
const BATCH = 200;  // the server takes 250
const LONGEST = 5_000;  // characters of a term that is sent; it takes 10,000
const SEEN = 2_000;  // characters of a text
const PATIENCE = 60;  // milliseconds in which cells that come into sight are gathered
const STRING = 'http://www.w3.org/2001/XMLSchema#string';

export class Cells {
  #address; #signal; #made = new Map(); #waiting = new Map(); #timer = 0; #isAsking = false;

  // `address` makes them; `failed` is called where it does not.
  constructor(terms, address, failed, signal) {
    this.terms = terms;
    this.#address = address;
    this.#signal = signal;
    this.failed = failed;
  }

  // Put a term into a cell of the table, now or when it has come.
  put(cell, number) {
    const made = this.#of(number);
    cell.replaceChildren(made ?? written(this.terms[number]));
    if (made || !isSent(this.terms[number])) return;
    const cells = this.#waiting.get(number) ?? this.#waiting.set(number, []).get(number);
    cells.push(cell);
    if (!this.#isAsking) this.#timer ||= setTimeout(() => this.#gather(), PATIENCE);
  }

  // Fetch what is shown for these terms.
  async fetch(numbers, slices) {
    const wanted = [...new Map(numbers.filter(it => isSent(this.terms[it]) && !this.#of(it)).map(it => [this.#key(it), it])).values()];
    for (let begin = 0; begin < wanted.length; begin += BATCH) {
      await this.#ask(wanted.slice(begin, begin + BATCH));
      if (slices?.due) await slices.rest();
    }
  }

  // What a term says, on as many lines as it has ways to say it, as the server looks for words in it.
  textOf(number) {
    const term = this.terms[number];
    const made = this.#made.get(this.#key(number));
    if (term.type !== 'literal') return made ? name(made) : plain(term);
    return made && isWorded(term) ? `${term.value}\n${made.querySelector('bdi').textContent}` : term.value;
  }

  // Whether a thing has a name here, and not a short form of its IRI.
  isNamed(number) {
    const made = this.#made.get(this.#key(number));
    return Boolean(made && !made.querySelector('.iri'));
  }

  async #gather() {
    this.#timer = 0;
    this.#isAsking = true;
    try {
      while (this.#waiting.size) {
        const waiting = [...this.#waiting].filter(([, cells]) => cells.some(cell => cell.isConnected));
        this.#waiting = new Map(waiting);
        // What came into sight last is asked for first: the reader is there.
        const numbers = waiting.map(([number]) => number).slice(-BATCH);
        const cells = numbers.map(number => [number, this.#waiting.get(number)]);
        for (const number of numbers) this.#waiting.delete(number);
        await this.fetch(numbers);
        for (const [number, those] of cells) {
          const made = this.#of(number);
          if (made) for (const cell of those) if (cell.isConnected) cell.replaceChildren(made.cloneNode(true));
        }
      }
    } catch (error) {
      if (error.name !== 'AbortError') this.failed();
    } finally {
      this.#isAsking = false;
    }
  }

  async #ask(numbers) {
    if (!numbers.length) return;
    const answer = await fetch(this.#address, {
      method: 'POST', signal: this.#signal,
      headers: { 'Content-Type': 'application/json', Accept: 'text/html' },
      // The texts of a language are alike but for their words, which are here already.
      body: JSON.stringify(numbers.map(it => (isWorded(this.terms[it]) ? this.terms[it] : { ...this.terms[it], value: '' }))),
    });
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    const items = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelectorAll('li');
    numbers.forEach((number, place) => {
      const made = document.createDocumentFragment();
      made.append(...items[place].childNodes);
      this.#made.set(this.#key(number), made);
    });
  }

  #key(number) {
    const term = this.terms[number];
    return isWorded(term) ? number : `${term['xml:lang'] ?? ''} ${term['its:dir'] ?? ''}`;
  }

  #of(number) {
    const made = this.#made.get(this.#key(number))?.cloneNode(true);
    const term = this.terms[number];
    if (!made || isWorded(term)) return made;
    const text = made.querySelector('bdi');
    text.textContent = seen(term.value);
    text.className = hasLongWord(term.value) ? 'long' : '';
    return made;
  }
}

// Whether the server says it otherwise, or knows more of it, than its text and its language.
export function isWorded(term) {
  return term.type !== 'literal' || Boolean(term.datatype && !term['xml:lang'] && term.datatype !== STRING);
}

function isSent(term) {
  return term.type !== 'triple' && (!isWorded(term) || term.value.length <= LONGEST);
}

// A thing without what stands beside its name.
function name(made) {
  return (made.querySelector('a, span') ?? made).textContent;
}

function plain(term) {
  return term.type === 'bnode' ? `_:${term.value}` : term.type === 'triple' ? triple(term) : term.value;
}

function written(term) {
  const text = document.createElement('bdi');
  text.textContent = seen(plain(term));
  const isText = term.type === 'literal';
  text.dir = isText ? term['its:dir'] ?? 'auto' : 'ltr';
  text.lang = term['xml:lang'] ?? '';
  if (!isText) text.classList.add('iri');
  if (hasLongWord(text.textContent)) text.classList.add('long');
  return text;
}

// Overrides of direction as marks, and no more of a long text than the pages of the server show; files have all of it.
function seen(text) {
  const cut = text.length > SEEN ? `${text.slice(0, SEEN).replace(/[\ud800-\udbff]$/, '')} […]` : text;
  return cut.replace(/[\u202d\u202e]/g, sign => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`);
}

function hasLongWord(text) {
  return text.length > 32 && /\S{33}/u.test(text);
}

// As N-Triples write it (RDF 1.2 N-Triples, section 2).
export function triple(term) {
  const { type, value } = term;
  if (type === 'uri') return `<${value}>`;
  if (type === 'bnode') return `_:${value}`;
  if (type === 'triple') return `<<( ${['subject', 'predicate', 'object'].map(part => triple(value[part])).join(' ')} )>>`;
  const quoted = `"${value.replace(/["\\\n\r\t]/g, sign => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign] ?? `\\${sign}`)}"`;
  const language = term['xml:lang'];
  if (language) return `${quoted}@${language}${term['its:dir'] ? `--${term['its:dir']}` : ''}`;
  return term.datatype && term.datatype !== STRING ? `${quoted}^^<${term.datatype}>` : quoted;
}
