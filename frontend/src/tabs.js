// Several queries side by side, kept by this browser between visits: named, renamed, closed and brought back. The server
// knows nothing of them; where the browser keeps nothing they last as long as the page.
const PLACE = 'zellige-query-tabs';
const VERSION = 1;
const MOST = 20;
const CLOSED = 10;
const LONGEST = 100_000;
const NAME = 60;

export class Tabs {
  #form; #field; #editor; #list; #restore; #tabs = []; #closed = []; #active = null; #outcomes = new Map(); #waiting = 0;

  // `field` holds the text of the editor; `changed` is called when another query is chosen.
  constructor(form, field, editor, changed) {
    this.#form = form;
    this.#field = field;
    this.#editor = editor;
    this.changed = changed;
    this.#take(stored());
    this.#begin();
    this.#place();
    field.addEventListener('input', () => {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#keep(), 300);
    });
    addEventListener('pagehide', () => this.#keep());
    addEventListener('storage', event => { if (event.key === PLACE) this.#follow(); });
  }

  // The query of this tab was asked: its address leads to the same answers.
  asked(address) {
    const { pathname, search } = new URL(address, location.href);
    this.#current.address = pathname + search;
    this.#keep();
  }

  // The page goes back to an address: what another tab holds is shown in that one.
  returned(address) {
    const query = new URL(address, location.href).searchParams.get('query');
    const other = this.#tabs.find(tab => tab.query === query && tab.id !== this.#active);
    if (!other || this.#current.query === query) return;
    this.#keep();
    this.#putAway();
    this.#active = other.id;
    this.#draw();
  }

  get #current() {
    return this.#tabs.find(tab => tab.id === this.#active);
  }

  // A page that asks for a query opens it, in its own tab if there is one; a page that asks for none goes on where one was.
  #begin() {
    const given = new URLSearchParams(location.search).get('query');
    const same = this.#tabs.find(tab => tab.query === this.#field.value);
    if (given !== null && same) this.#active = same.id;
    else if (given !== null || !this.#tabs.length) this.#add(this.#field.value);
    else {
      this.#active = this.#current?.id ?? this.#tabs[0].id;
      if (this.#current.query !== this.#field.value) this.#editor.text = this.#current.query;
    }
    this.#keep();
  }

  #add(query) {
    const tab = { id: crypto.randomUUID?.() ?? String(Math.random()), name: '', number: this.#unused(), query, address: '' };
    this.#tabs.push(tab);
    if (this.#tabs.length > MOST) this.#closed.unshift(...this.#tabs.splice(0, 1));
    this.#active = tab.id;
    return tab;
  }

  #unused() {
    let number = 1;
    while (this.#tabs.some(tab => tab.number === number)) number += 1;
    return number;
  }

  // What nobody has named has its number, in the language of the page.
  #called(tab) {
    return tab.name || this.#form.dataset.tab.replace('{number}', tab.number);
  }

  #keep() {
    if (this.#current) this.#current.query = this.#field.value;
    const held = { version: VERSION, active: this.#active, tabs: this.#tabs, closed: this.#closed };
    try {
      localStorage.setItem(PLACE, JSON.stringify(held));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;  // full, or forbidden
    }
  }

  #take({ tabs, closed, active }) {
    this.#tabs = tabs.slice(0, MOST);
    this.#closed = closed.slice(0, CLOSED);
    this.#active = active;
  }

  // Another window has changed them; what is written here stays.
  #follow() {
    const mine = this.#current;
    this.#take({ ...stored(), active: mine.id });
    const place = this.#tabs.findIndex(tab => tab.id === mine.id);
    if (place < 0) this.#tabs.push(mine);
    else this.#tabs[place] = mine;
    this.#draw();
  }

  #place() {
    const bar = Object.assign(document.createElement('div'), { className: 'tabs' });
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', this.#form.dataset.tabs);
    this.#list = document.createElement('ul');
    this.#restore = button(this.#form.dataset.tabRestore, () => this.#bringBack());
    bar.append(this.#list, button(this.#form.dataset.tabNew, () => this.#open()), this.#restore);
    this.#form.prepend(bar);
    this.#draw();
  }

  #draw() {
    this.#list.replaceChildren(...this.#tabs.map(tab => this.#item(tab)));
    this.#restore.hidden = !this.#closed.length;
  }

  #item(tab) {
    const item = document.createElement('li');
    const name = Object.assign(document.createElement('bdi'), { textContent: this.#called(tab), dir: 'auto' });
    const choose = button('', () => this.#choose(tab.id));
    choose.append(name);
    item.append(choose);
    if (tab.id !== this.#active) return item;
    choose.setAttribute('aria-current', 'true');
    choose.addEventListener('dblclick', () => this.#rename(tab, item));
    item.append(sign('✎', this.#form.dataset.tabRename, () => this.#rename(tab, item)));
    if (this.#tabs.length > 1) item.append(sign('×', this.#form.dataset.tabClose, () => this.#close(tab.id)));
    return item;
  }

  #rename(tab, item) {
    const field = Object.assign(document.createElement('input'), { value: this.#called(tab), maxLength: NAME, dir: 'auto' });
    field.setAttribute('aria-label', this.#form.dataset.tabRename);
    let done = false;
    const end = kept => {
      if (done) return;
      done = true;
      const name = field.value.trim();
      if (kept && name !== this.#called({ ...tab, name: '' })) tab.name = name;
      this.#keep();
      this.#draw();
      this.#list.querySelector('[aria-current]').focus();
    };
    field.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      event.preventDefault();
      end(event.key === 'Enter');
    });
    field.addEventListener('blur', () => end(true));
    item.replaceChildren(field);
    field.select();
  }

  #choose(id) {
    if (id === this.#active) return;
    this.#keep();
    this.#putAway();
    this.#show(id);
  }

  #open() {
    this.#keep();
    this.#putAway();
    this.#show(this.#add('').id);
  }

  #close(id) {
    this.#keep();
    const place = this.#tabs.findIndex(tab => tab.id === id);
    this.#closed = [...this.#tabs.splice(place, 1), ...this.#closed].slice(0, CLOSED);
    this.#outcomes.delete(id);
    this.#show(this.#tabs[Math.max(0, place - 1)].id);
  }

  #bringBack() {
    const [tab, ...others] = this.#closed;
    this.#keep();
    this.#putAway();
    this.#closed = others;
    this.#tabs.push(tab);
    this.#show(tab.id);
  }

  // What the page tells of a query goes with it, and comes back with it as long as the page is open.
  #putAway() {
    const parts = ['trouble', 'outcome'].map(part => [part, [...document.getElementById(part).childNodes]]);
    this.#outcomes.set(this.#active, parts);
  }

  #show(id) {
    this.#active = id;
    const kept = this.#outcomes.get(id) ?? [['trouble', []], ['outcome', []]];
    for (const [part, nodes] of kept) document.getElementById(part).replaceChildren(...nodes);
    this.#editor.text = this.#current.query;
    this.#keep();
    this.#draw();
    this.changed(this.#current.address);
    this.#list.querySelector('[aria-current]').focus();
  }
}

// What this browser keeps; nothing where that is none of ours, or is forbidden.
function stored() {
  const nothing = { tabs: [], closed: [], active: null };
  try {
    const held = JSON.parse(localStorage.getItem(PLACE));
    if (held?.version !== VERSION || !Array.isArray(held.tabs) || !Array.isArray(held.closed)) return nothing;
    return { tabs: held.tabs.filter(isTab), closed: held.closed.filter(isTab), active: held.active };
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return nothing;
    throw error;
  }
}

function isTab(it) {
  const texts = [it?.id, it?.name, it?.query, it?.address];
  return Number.isInteger(it.number) && texts.every(text => typeof text === 'string' && text.length <= LONGEST) && /^(\/query\?.*)?$/s.test(it.address);
}

function button(text, act) {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  made.addEventListener('click', act);
  return made;
}

function sign(text, said, act) {
  const made = button(text, act);
  made.title = said;
  made.setAttribute('aria-label', said);
  return made;
}
