// A table of any number of rows, of which those in sight, and some around them, are in the page: the others are the height
// of their places.
const BLOCK = 50;
const GUESS = 44;  // pixels of a row that nobody has seen yet
const NARROW = 9;  // rem of a column

export class Grid {
  #cells; #rows; #numbers = []; #body = new Map(); #watch; #seen = { rows: 0, height: 0 };

  // `words` are what the table says; `sorted` and `filtered` are called with a column when a reader wants it so.
  constructor(rows, cells, words, { sorted, filtered }) {
    this.#rows = rows;
    this.#cells = cells;
    this.region = make('div', { className: 'wide answers', tabIndex: 0 });
    this.region.setAttribute('role', 'region');
    this.region.setAttribute('aria-labelledby', 'answers');
    this.table = make('table');
    this.table.style.minInlineSize = `${rows.columns.length * NARROW}rem`;
    const head = this.table.createTHead();
    const [names, fields] = [head.insertRow(), head.insertRow()];
    rows.columns.forEach((column, place) => {
      const button = make('button', { type: 'button', className: 'link' });
      button.append(make('bdi', { textContent: column, lang: 'en', dir: 'ltr' }), make('span', { className: 'sort', ariaHidden: 'true' }));
      button.addEventListener('click', () => sorted(place));
      const heading = make('th', { scope: 'col' });
      heading.append(button);
      names.append(heading);
      const field = make('input', { type: 'search', dir: 'auto', autocomplete: 'off', maxLength: 200 });
      field.setAttribute('aria-label', words.wholeColumn.replace('{name}', column));
      field.addEventListener('input', () => filtered(place, field.value));
      fields.insertCell().append(field);
    });
    this.region.append(this.table);
    this.mark(-1, false);
    this.#watch = new IntersectionObserver(seen => this.#look(seen), { root: this.region, rootMargin: '800px 0px' });
  }

  // Say by which column the rows are sorted, in which direction.
  mark(column, falls) {
    [...this.table.tHead.rows[0].cells].forEach((heading, place) => {
      const state = place !== column ? 'none' : falls ? 'descending' : 'ascending';
      heading.setAttribute('aria-sort', state);
      heading.querySelector('.sort').textContent = { none: '↕', ascending: '↑', descending: '↓' }[state];
    });
  }

  // Show the rows of these numbers, from the first.
  show(numbers) {
    this.#numbers = numbers;
    this.#watch.disconnect();
    this.#body.clear();
    for (const body of [...this.table.tBodies]) body.remove();
    this.table.setAttribute('aria-rowcount', String(numbers.length + 2));
    const bodies = [];
    for (let first = 0; first < numbers.length; first += BLOCK) {
      const body = make('tbody');
      this.#body.set(body, first);
      this.#empty(body);
      bodies.push(body);
    }
    this.region.scrollTop = 0;
    this.table.append(...bodies);
    if (bodies.length) this.#fill(bodies[0]);
    for (const body of bodies) this.#watch.observe(body);
  }

  // More rows have come behind those that are shown.
  extend(numbers) {
    if (!this.#numbers.length) return this.show(numbers);
    const last = this.table.tBodies[this.table.tBodies.length - 1];
    this.#numbers = numbers;
    this.table.setAttribute('aria-rowcount', String(numbers.length + 2));
    const first = this.#body.get(last);
    if (last.dataset.filled) this.#fill(last);
    else this.#empty(last);
    for (let begin = first + BLOCK; begin < numbers.length; begin += BLOCK) {
      const body = make('tbody');
      this.#body.set(body, begin);
      this.#empty(body);
      this.table.append(body);
      this.#watch.observe(body);
    }
  }

  close() {
    this.#watch.disconnect();
  }

  #look(seen) {
    for (const { target, isIntersecting } of seen) {
      if (!this.#body.has(target) || isIntersecting === Boolean(target.dataset.filled)) continue;
      if (isIntersecting) this.#fill(target);
      else if (!target.contains(document.activeElement)) this.#empty(target);
    }
  }

  #size(body) {
    return Math.min(BLOCK, this.#numbers.length - this.#body.get(body));
  }

  #empty(body) {
    const size = this.#size(body);
    let height = body.dataset.filled ? body.getBoundingClientRect().height : 0;
    if (height) this.#seen = { rows: this.#seen.rows + size, height: this.#seen.height + height };
    height ||= size * (this.#seen.rows ? this.#seen.height / this.#seen.rows : GUESS);
    const row = make('tr', { className: 'spacer', ariaHidden: 'true' });
    const cell = row.insertCell();
    cell.colSpan = this.#rows.columns.length;
    cell.style.blockSize = `${height}px`;
    body.replaceChildren(row);
    delete body.dataset.filled;
  }

  #fill(body) {
    const [first, size] = [this.#body.get(body), this.#size(body)];
    body.replaceChildren();
    for (let place = first; place < first + size; place += 1) {
      const row = body.insertRow();
      row.setAttribute('aria-rowindex', String(place + 3));
      for (let column = 0; column < this.#rows.columns.length; column += 1) {
        const cell = row.insertCell();
        const term = this.#rows.cell(this.#numbers[place], column);
        if (term) this.#cells.put(cell, term);
      }
    }
    body.dataset.filled = 'true';
  }
}

export function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
