// What may stand where one types: words of SPARQL, variables, prefixes, the classes and properties that the dataset
// says it uses (its description, at the endpoint), and things whose names are searched for.
const WORDS = (
  'SELECT ASK CONSTRUCT DESCRIBE WHERE PREFIX BASE DISTINCT REDUCED FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND ' +
  'VALUES EXISTS UNDEF SERVICE SILENT GROUP HAVING ORDER LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT ' +
  'SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IF COALESCE REGEX REPLACE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR ' +
  'UCASE LCASE CONCAT YEAR MONTH DAY NOW ISIRI ISLITERAL ISBLANK ISNUMERIC'
).split(' ');
const DESCRIBED = `PREFIX void: <http://rdfs.org/ns/void#> PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?kind ?term ?name WHERE {
  { ?d void:classPartition ?c . ?c void:class ?term BIND("class" AS ?kind) OPTIONAL { ?term rdfs:label ?name } }
  UNION { ?d void:propertyPartition ?c . ?c void:property ?term BIND("property" AS ?kind) OPTIONAL { ?term rdfs:label ?name } }
  UNION { ?p sh:prefix ?name ; sh:namespace ?term BIND("prefix" AS ?kind) }
}`;
const LOCAL = /^[A-Za-z0-9_](?:[\w-]*)$/;
const MOST = 30;

export function completions(form) {
  const language = document.documentElement.lang;
  let described = null;
  // Read once, when it is first wanted; what could not be read is asked for again.
  const known = () => described ??= read(language).catch(() => (described = null, { prefixes: new Map(), terms: [] }));

  return [
    async context => {
      const before = context.state.sliceDoc(Math.max(0, context.pos - 400), context.pos);
      const { prefixes, terms } = await known();
      const declared = declarations(context.state.doc.toString());
      const all = new Map([...prefixes, ...declared]);
      const declaring = /\bPREFIX\s+([\w-]*)$/i.exec(before);
      if (declaring) return list(context.pos - declaring[1].length, prefixOptions(prefixes, declared, declaring[1]));
      const variable = /[?$](\w*)$/.exec(before);
      if (variable) return list(context.pos - variable[0].length, variables(context.state.doc.toString(), variable));
      const word = /[\p{L}\p{M}\p{N}_-]*(?::[\w-]*)?$/u.exec(before)[0];
      if (!context.explicit && word.length < 2) return null;
      const from = context.pos - word.length;
      const wantsClass = /(?:^|[\s;])(?:a|rdf:type)\s+$/.test(before.slice(0, before.length - word.length));
      const found = [
        ...termOptions(terms, all, declared, word, wantsClass),
        ...(word.includes(':') ? [] : wordOptions(word, all)),
        ...(wantsClass || word.includes(':') || word.length < 3 ? [] : await things(context, word, all, declared, language)),
      ];
      // A term may be found among the things too.
      return list(from, found.filter(({ label }, place) => found.findIndex(it => it.label === label) === place));
    },
  ];
}

function list(from, options) {
  return options.length ? { from, options, filter: false } : null;
}

async function read(language) {
  const answer = await fetch(`/sparql?${new URLSearchParams({ query: DESCRIBED })}`, {
    headers: { Accept: 'application/sparql-results+json' },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const prefixes = new Map(), found = new Map();
  for (const { kind, term, name } of (await answer.json()).results.bindings) {
    if (kind.value === 'prefix') {
      prefixes.set(name.value, term.value);
      continue;
    }
    const it = found.get(term.value) ?? { iri: term.value, kind: kind.value, names: [], name: '' };
    found.set(term.value, it);
    if (!name) continue;
    it.names.push(name.value.toLowerCase());
    if (!it.name || name['xml:lang'] === language) it.name = name.value;
  }
  return { prefixes, terms: [...found.values()] };
}

function declarations(text) {
  return new Map([...text.matchAll(/\bPREFIX\s+([\w-]*):\s*<([^<>\s]*)>/gi)].map(([, name, iri]) => [name, iri]));
}

function prefixOptions(prefixes, declared, begun) {
  return [...prefixes].filter(([name]) => name.startsWith(begun) && !declared.has(name)).sort().map(([name, iri]) => ({
    label: `${name}:`, detail: iri, apply: `${name}: <${iri}>`,
  }));
}

function variables(text, [begun]) {
  const names = new Set([...text.matchAll(/[?$]\w+/g)].map(([name]) => name));
  names.delete(begun);
  return [...names].filter(name => name.startsWith(begun)).sort().map(label => ({ label }));
}

function wordOptions(word, all) {
  const upper = word.toUpperCase();
  return [
    ...WORDS.filter(it => it.startsWith(upper) && it !== upper).map(label => ({ label })),
    ...[...all].filter(([name]) => name.startsWith(word)).map(([name, iri]) => ({ label: `${name}:`, detail: iri })),
  ];
}

// A term is found by its local name, by its prefixed name and by its names in any language.
function termOptions(terms, all, declared, word, wantsClass) {
  const sought = word.toLowerCase();
  const [prefix, local] = word.includes(':') ? word.split(':') : [null, null];
  const namespace = prefix === null ? null : all.get(prefix);
  const fits = it => {
    if (prefix !== null) return namespace && it.iri.startsWith(namespace) && it.iri.slice(namespace.length).toLowerCase().startsWith(local.toLowerCase());
    const own = it.iri.slice(Math.max(it.iri.lastIndexOf('#'), it.iri.lastIndexOf('/')) + 1).toLowerCase();
    return own.startsWith(sought) || it.names.some(name => name.split(/\s+/).some(part => part.startsWith(sought)));
  };
  return terms.filter(it => fits(it) && (!wantsClass || it.kind === 'class'))
    .map(it => option(it.iri, it.name, all, declared))
    .sort((one, other) => one.label.localeCompare(other.label)).slice(0, MOST);
}

async function things(context, word, all, declared, language) {
  const stopped = new AbortController();
  context.addEventListener('abort', () => stopped.abort());
  try {
    const asked = new URLSearchParams({ q: `${word}*`, limit: '8', lang: language, format: 'json' });
    const answer = await fetch(`/search?${asked}`, { signal: stopped.signal });
    if (!answer.ok) return [];
    return (await answer.json()).results.map(it => option(it.iri, it.label ?? '', all, declared));
  } catch (error) {
    if (error.name === 'AbortError' || error instanceof TypeError) return [];
    throw error;
  }
}

// A name as the query may write it; a prefix that it does not declare is declared in a line before it.
function option(iri, name, all, declared) {
  const [prefix, namespace] = [...declared, ...all].filter(([, it]) => it && iri.startsWith(it) && LOCAL.test(iri.slice(it.length)))
    .sort((one, other) => other[1].length - one[1].length)[0] ?? [null, ''];
  const written = prefix === null ? `<${iri}>` : `${prefix}:${iri.slice(namespace.length)}`;
  const missing = prefix !== null && !declared.has(prefix);
  return {
    label: written, detail: name,
    apply: (view, _, from, to) => view.dispatch({
      changes: [...(missing ? [{ from: 0, insert: `PREFIX ${prefix}: <${namespace}>\n` }] : []), { from, to, insert: written }],
      selection: { anchor: from + written.length + (missing ? `PREFIX ${prefix}: <${namespace}>\n`.length : 0) },
      userEvent: 'input.complete',
    }),
  };
}
