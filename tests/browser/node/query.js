// node query.js < TASKS: the path of a person over the page of queries, as one JSON object a line.
//
// TASKS is {"chromium", "url", "screenshots"?, "wrong", "right", "words", "thing", "visits": [{"name", "language", "width", "script", "keeps"}],
// "elsewhere"?: [{"name", "query", "script"}]}.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { FLAGS, hasEditor, pictured, run, typed } from './asking.js';

const HEIGHT = 1400;
const tasks = JSON.parse(readFileSync(0, 'utf8'));
const browser = await chromium.launch({ executablePath: tasks.chromium, args: FLAGS });

function column() {
  const rows = [...document.querySelectorAll('.answers tbody tr')];
  return rows.map(row => row.lastElementChild.querySelector('bdi').textContent);
}

async function looked(page) {
  return {
    query: await page.inputValue('#query'),
    main: (await page.innerText('main')).replace(/\s+/g, ' '),
    rows: await page.evaluate(column),
    overflow: await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  };
}

// What only the editor does: marks the mistake, completes, stops, takes links of other query pages.
async function edited(page, context, visit) {
  const found = {};
  await typed(page, 'PREFIX foa');
  await page.keyboard.press('Control+Space');
  await page.click('#editor .cm-tooltip-autocomplete li >> text=foaf:');
  found.prefix = await page.inputValue('#query');
  await typed(page, 'SELECT * { ?x a minis');
  await page.keyboard.press('Control+Space');
  await page.click('#editor .cm-tooltip-autocomplete li >> text=zel:Ministry');
  found.class = await page.inputValue('#query');
  await page.route('**/query?*', () => {});  // an answer that never comes
  await page.press('#editor .cm-content', 'Control+Enter');  // wherever the click on the list has left the focus
  await page.click('.do button[type=button]');
  found.cancelled = await page.innerText('.do [role=status]');
  await page.unroute('**/query?*');
  const other = await context.newPage();
  await other.goto(`${tasks.url}/query?lang=${visit.language}#query=${encodeURIComponent('SELECT (7 AS ?seven) {}')}`);
  await other.waitForSelector('.answers td');
  found.fragment = await looked(other);
  await other.close();
  return found;
}

// Several queries, kept from one visit to the next, and a filter over the rows that are shown.
async function kept(context, visit, words) {
  const page = await context.newPage();
  const names = () => page.locator('.tabs li bdi').allInnerTexts();
  const query = rows => `SELECT ?thing ?label { VALUES (?thing ?label) { ${rows} } }`;
  await page.goto(`${tasks.url}/query?lang=${visit.language}`);
  const before = (await names()).length;
  await page.click('.tabs > button');
  await typed(page, query('(1 "Université") (2 "الإدارة") (3 "ministry")'));
  await run(page, () => page.keyboard.press('Control+Enter'));
  const found = { rows: {}, overflow: 0 };
  for (const word of words) {
    await page.fill('#only', word);
    const shown = await page.locator('.answers tbody tr:visible').allInnerTexts();
    found.rows[word] = [shown.map(text => text.trim()[0]).join(''), await page.innerText('.only [role=status]')];
  }
  // Sent, the words are looked for in all rows, by the server; a click takes them away.
  await page.fill('#only', 'MINISTRY');
  await run(page, () => page.press('#only', 'Enter'));
  found.sent = [await page.locator('.answers tbody tr').count(), new URL(page.url()).searchParams.get('only')];
  await run(page, () => page.click('.only a'));
  found.sent.push(await page.locator('.answers tbody tr').count());
  await page.dblclick('.tabs [aria-current]');
  await page.keyboard.insertText('جامعة 1');
  await page.keyboard.press('Enter');
  found.named = (await names()).at(-1);
  await page.click('.tabs li:first-child button');
  found.other = await page.inputValue('#query');
  await page.click('.tabs li:last-child button');
  found.again = await page.evaluate(column);
  await pictured(page, tasks.screenshots, `${visit.name}-tabs`);
  found.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.reload();
  found.reloaded = [(await names()).at(-1), (await names()).length - before, await page.inputValue('#query')];
  await page.click('.tabs li:last-child button:last-child');
  found.closed = (await names()).length - before;
  await page.click('.tabs > button:last-child');
  found.restored = [(await names()).at(-1), await page.inputValue('#query')];
  // Counts lead to the query that counts, by a link or, of a long query, by a button: it opens in a tab of its own.
  found.counted = [];
  for (const more of ['', `#${'x'.repeat(400)}`]) {
    const given = { query: `${query('(1 "a") (2 "b") (3 "a")')}${more}`, facet: 'label', lang: visit.language };
    await page.goto(`${tasks.url}/query?${new URLSearchParams(given)}`);
    const tabs = (await names()).length;
    await page.click('.facets .open, .facets [name=counted]');
    await page.waitForURL(/COUNT/);
    const rows = await page.locator('.answers tbody tr').count();
    found.counted.push([(await names()).length - tabs, (await page.inputValue('#query')).split('\n')[0], rows]);
  }
  await page.close();
  return found;
}

// All rows in the browser: filtered, sorted, as a file; what the endpoint says late, an answer that breaks off, a cancel.
async function whole(context, visit, thing) {
  const page = await context.newPage();
  const rows = Array.from({ length: 300 }, (_, n) => `(${n + 1} "${['Université', 'الإدارة', 'ministry'][n % 3]}" <${thing}>)`);
  const query = `SELECT ?n ?label ?thing { VALUES (?n ?label ?thing) { ${rows.join(' ')} } }`;
  await page.goto(`${tasks.url}/query?lang=${visit.language}&query=${encodeURIComponent(query)}`);
  const status = page.locator('.whole .only [role=status]');
  const switched = async place => page.click(`.whole-do button >> nth=${place}`);
  const left = async count => {
    await page.waitForFunction(text => {
      const said = document.querySelector('.whole .only [role=status]')?.textContent ?? '';
      return said.match(/\d+/)?.[0] === text && !document.querySelector('.whole .formats').hidden;
    }, String(count));
    return status.innerText();
  };
  const field = column => page.locator(`.whole thead input >> nth=${column}`);
  const first = () => page.locator('.whole tbody tr:not(.spacer)').first().innerText();
  await switched(1);
  const found = { all: await left(300), pages: await page.locator('.pager:visible, #only:visible').count() };
  await page.fill('#whole-only', 'universite');
  await left(100);
  await field(0).fill('29');
  found.both = await left(4);
  await page.fill('#whole-only', '');
  await field(0).fill('');
  await left(300);
  await page.click('.whole th >> nth=0 >> button');
  await page.click('.whole th >> nth=0 >> button');
  await page.waitForFunction(() => document.querySelector('.whole tbody td')?.textContent.startsWith('300'));
  found.sorted = [await page.getAttribute('.whole th >> nth=0', 'aria-sort'), (await first()).split('\t')[1]];
  await field(2).fill(visit.language === 'ar' ? 'المغرب' : 'MOROCCO');
  await field(1).fill('الاداره');
  found.named = await left(100);
  const coming = page.waitForEvent('download');
  await page.click('.whole .formats button >> nth=0');
  found.file = readFileSync(await (await coming).path(), 'utf8').split('\r\n').slice(0, 3);
  await pictured(page, tasks.screenshots, `${visit.name}-whole`);
  found.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await switched(0);
  found.back = [await page.locator('.whole').count(), await page.locator('.pager:visible').count()];
  const answer = '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}';
  found.notes = [];
  for (const end of [']},"warnings":[{"code":"x","message":"said late","where":{"line":1,"column":2},"hint":"do"}]}', '']) {
    await page.route('**/sparql', route => route.fulfill({ contentType: 'application/sparql-results+json', body: answer + end }));
    await switched(1);
    await left(1);
    found.notes.push(await page.innerText('.whole-notes'));
    await switched(0);
    await page.unroute('**/sparql');
  }
  await page.route('**/sparql', () => {});  // an answer that never comes
  await switched(1);
  await page.click('.whole .only button');
  found.notes.push(await page.innerText('.whole-notes p'));
  await page.close();
  return found;
}

async function walked(visit) {
  const context = await browser.newContext({
    javaScriptEnabled: visit.script, viewport: { width: visit.width, height: HEIGHT },
  });
  const page = await context.newPage();
  const said = [], foreign = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) said.push(message.text()); });
  page.on('pageerror', error => said.push(String(error)));
  context.on('request', request => { if (!request.url().startsWith(tasks.url)) foreign.push(request.url()); });
  const shot = part => pictured(page, tasks.screenshots, `${visit.name}-${part}`);
  try {
    await page.goto(`${tasks.url}/query?lang=${visit.language}`);
    const result = { name: visit.name, editor: Boolean(await hasEditor(page)), first: await looked(page) };
    const submit = () => (result.editor ? page.keyboard.press('Control+Enter') : page.click('#ask button[type=submit]'));
    await shot('first');
    await typed(page, tasks.wrong);
    await run(page, submit);
    result.mistaken = await looked(page);
    result.marked = await page.locator('#editor .cm-mistake').allInnerTexts();
    await shot('mistaken');
    await typed(page, tasks.right);
    await run(page, submit);
    result.answered = await looked(page);
    await shot('answered');
    await run(page, () => page.click('.answers th:last-child a'));
    result.sorted = await looked(page);
    await run(page, () => page.click('.pager > :last-child'));
    result.next = await looked(page);
    await shot('next');
    const share = await page.getAttribute('a.share', 'href');
    const shared = await context.newPage();
    await shared.goto(share);
    result.shared = await looked(shared);
    await shared.close();
    if (result.editor) {
      await page.goBack();
      await page.waitForFunction(text => document.querySelector('.pager strong')?.textContent === text, '1');
      result.back = await looked(page);
      result.edited = await edited(page, context, visit);
      if (visit.keeps) result.kept = await kept(context, visit, tasks.words);
      if (visit.keeps) result.whole = await whole(context, visit, tasks.thing);
    }
    return { ...result, said, foreign };
  } finally {
    await context.close();
  }
}

// A query that asks another endpoint, from typing it to its rows and what they have cost, or to why it is `refused`.
async function elsewhere({ name, query, script, refused }) {
  const context = await browser.newContext({ javaScriptEnabled: script, viewport: { width: 1280, height: HEIGHT } });
  const page = await context.newPage();
  try {
    await page.goto(`${tasks.url}/query?lang=en`);
    await typed(page, query);
    const editor = Boolean(await hasEditor(page));
    if (editor) {
      await page.keyboard.press('Control+Enter');
      await (refused ? page.waitForSelector(`.do [role=status] >> text=${refused}`) : page.waitForSelector('#outcome td'));
    } else {
      await run(page, () => page.click('#ask button[type=submit]'));
    }
    await pictured(page, tasks.screenshots, name);
    const data = await page.locator('#mistakes .formats a').evaluateAll(links => links.map(link => link.href));
    const said = editor ? await page.innerText('.do [role=status]') : '';
    return { name, editor, ...await looked(page), data, said };
  } finally {
    await context.close();
  }
}

try {
  for (const it of tasks.elsewhere ?? []) process.stdout.write(JSON.stringify(await elsewhere(it)) + '\n');
  for (const visit of tasks.visits) process.stdout.write(JSON.stringify(await walked(visit)) + '\n');
} finally {
  await browser.close();
}
