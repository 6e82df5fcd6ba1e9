// node ask.js CLIENT ENDPOINT < QUERY: the rows as JSON, each an array of values in the order of ?org and ?label.
import { readFileSync } from 'node:fs';

async function comunica(endpoint, query) {
  const { QueryEngine } = await import('@comunica/query-sparql');
  const found = await new QueryEngine().queryBindings(query, { sources: [{ type: 'sparql', value: endpoint }] });
  return (await found.toArray()).map(row => ['org', 'label'].map(name => row.get(name).value));
}

async function fetcher(endpoint, query) {
  const { SparqlEndpointFetcher } = await import('fetch-sparql-endpoint');
  const rows = [];
  for await (const row of await new SparqlEndpointFetcher().fetchBindings(endpoint, query)) {
    rows.push(['org', 'label'].map(name => row[name].value));
  }
  return rows;
}

const [client, endpoint] = process.argv.slice(2);
const rows = await { comunica, fetcher }[client](endpoint, readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(rows));
