// The answer to a query that asks other endpoints too, and what it has cost there.
const MOST = 100;

// `told` is SPARQL results in JSON with a receipt; `heading` is what the receipt is called.
export function showElsewhere(told, heading) {
  const outcome = document.getElementById('outcome');
  const shown = told.federation ? [element('h3', heading), receipt(told.federation)] : [];
  if (told.boolean !== undefined) shown.push(element('p', String(told.boolean)));
  if (told.results) {
    const rows = told.results.bindings;
    shown.push(element('p', rows.length > MOST ? `1–${MOST} / ${rows.length}` : String(rows.length)));
    shown.push(table(told.head.vars, rows.slice(0, MOST)));
  }
  outcome.replaceChildren(...shown);
  document.querySelector('#mistakes > h2').remove();
  document.querySelector('#mistakes > ul').remove();
}

// Endpoint by endpoint, what was sent and what came.
function receipt({ endpoints, notes }) {
  const lines = endpoints.map(({ endpoint, ...cost }) => {
    const counted = Object.entries(cost).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    return `${endpoint}\n  ${counted.join(', ')}`;
  });
  return Object.assign(element('pre', [...lines, ...notes].join('\n')), { className: 'line', dir: 'ltr', lang: 'en' });
}

function table(columns, rows) {
  const box = Object.assign(document.createElement('div'), { className: 'wide answers', tabIndex: 0 });
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', columns.join(' '));
  const made = document.createElement('table');
  const head = made.createTHead().insertRow();
  for (const column of columns) head.append(Object.assign(element('th', column), { scope: 'col', dir: 'ltr' }));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const column of columns) line.insertCell().append(...(row[column] ? [term(row[column])] : []));
  }
  box.append(made);
  return box;
}

// Only addresses of the web become links.
function term(it) {
  const text = element('bdi', it.value ?? JSON.stringify(it));
  if (it.type === 'uri') text.className = 'iri';
  text.dir = it.type === 'uri' ? 'ltr' : 'auto';
  text.lang = it['xml:lang'] ?? '';
  if (it.type !== 'uri' || !/^https?:\/\//.test(it.value)) return text;
  const link = Object.assign(document.createElement('a'), { href: it.value, rel: 'external nofollow noreferrer' });
  link.append(text);
  return link;
}

function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}
