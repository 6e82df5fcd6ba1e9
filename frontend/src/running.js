// Asking the server, with a way to stop it, and putting what it answers into the page.
import { showElsewhere } from './elsewhere.js';

const PARTS = ['trouble', 'outcome'];

// Bring the beginning of what was answered into sight, where it is not.
function show(place) {
  const top = place?.getBoundingClientRect().top;
  if (top < 0 || top > window.innerHeight - 40) place.scrollIntoView();
}

// What is wrong, and what to do about it.
function inWords({ message, detail, title, hint }) {
  return (message ?? detail ?? title) + (hint ? ` (${hint})` : '');
}

export class Runner {
  #form; #editor; #answered; #status; #cancel; #running = null;

  // `answered` is called with the address of what the page shows now.
  constructor(form, editor, answered) {
    this.#form = form;
    this.#editor = editor;
    this.#answered = answered;
    const place = form.querySelector('.do');
    this.#cancel = Object.assign(document.createElement('button'), {
      type: 'button', hidden: true, textContent: form.dataset.cancel,
    });
    this.#cancel.addEventListener('click', () => this.#running?.abort());
    this.#status = document.createElement('span');
    this.#status.setAttribute('role', 'status');
    this.#status.textContent = form.dataset.help;
    place.append(this.#cancel, this.#status);
  }

  // The page of an address of ours; `again` for one that the history has already.
  async ask(address, { again = false } = {}) {
    await this.#during(async signal => {
      const answer = await fetch(address, { headers: { Accept: 'text/html' }, signal });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!page.getElementById('outcome')) return location.assign(address);
      if (!again) history.pushState(null, '', address);
      this.#put(page, again);
      this.#answered(address);
      show(document.querySelector('#mistakes, #answers'));
      return '';
    });
    await this.elsewhere();
  }

  // A query that asks other endpoints is answered as data, which are fetched and shown here.
  async elsewhere() {
    const link = document.querySelector('#mistakes a[data-elsewhere]');
    if (!link) return;
    await this.#during(async signal => {
      const answer = await fetch(link.href, { headers: { Accept: 'application/json' }, signal });
      const told = await answer.json();
      if (answer.ok) {
        showElsewhere(told, this.#form.dataset.receipt);
        this.#answered(location.href);
      }
      return answer.ok ? '' : (told.errors ?? [told]).map(inWords).join(' ');
    });
  }

  async #during(work) {
    this.#running?.abort();
    const mine = this.#running = new AbortController();
    this.#say(this.#form.dataset.running, true);
    let said;
    try {
      said = await work(mine.signal);
    } catch (error) {
      said = error.name === 'AbortError' ? this.#form.dataset.cancelled : this.#form.dataset.failed;
    }
    if (this.#running !== mine) return;  // a later question has the place
    this.#running = null;
    this.#say(said || this.#form.dataset.help, false);
  }

  #say(text, running) {
    this.#status.textContent = text;
    this.#cancel.hidden = !running;
    document.getElementById('outcome').setAttribute('aria-busy', String(running));
  }

  #put(page, again) {
    for (const part of PARTS) document.getElementById(part).replaceChildren(...page.getElementById(part).childNodes);
    // The links to the other languages have the query in them.
    document.querySelector('header').replaceWith(page.querySelector('header'));
    document.title = page.title;
    const old = this.#form.querySelectorAll('input[type=hidden]');
    const made = page.querySelectorAll('#ask input[type=hidden]');
    old[0].before(...made);
    old.forEach(input => input.remove());
    const view = page.querySelector('#ask input[name=view][checked]')?.value;
    const radio = view && this.#form.querySelector(`input[name=view][value="${CSS.escape(view)}"]`);
    if (radio) radio.checked = true;
    if (again) this.#editor.text = page.getElementById('query').value;
    this.#editor.mark(document);
  }
}
