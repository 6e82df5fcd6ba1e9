// node visit.js < TASKS: what a person at a browser sees and does, as one JSON object a line.
//
// TASKS is {"chromium", "url", "screenshots"?, "visits": [{"name", "path", "widths", "script", "type"?, "axe"?}]}.
// A visit opens a page; with "type" it types that query, runs it, looks, runs it again, and downloads the rows as CSV.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { FLAGS, pictured, run, typed } from './asking.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HEIGHT = 1400;
const tasks = JSON.parse(readFileSync(0, 'utf8'));
const browser = await chromium.launch({ executablePath: tasks.chromium, args: FLAGS });

// What reaches over the edge of the page, and words that are broken in the middle: parts of one word on several lines,
// although the word alone would fit into the line.
function layout() {
  const root = document.documentElement;
  const found = { overflow: root.scrollWidth - root.clientWidth, broken: [] };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const box = node.parentElement;
    if (box.closest('textarea, .long, .skip, script')) continue;
    for (const match of node.data.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top / 4)));
      if (lines.size > 1) found.broken.push(match[0]);
    }
  }
  return found;
}

// The answers as they stand on the page, row by row; things by where their links lead.
function rows() {
  return [...document.querySelectorAll('.wide tbody tr')].map(
    row => [...row.cells].map(cell => cell.querySelector('a')?.pathname ?? cell.querySelector('bdi')?.textContent ?? ''));
}

async function seen(page) {
  return {
    address: page.url(), query: await page.inputValue('#query'), rows: await page.evaluate(rows),
    language: await page.getAttribute('html', 'lang'), direction: await page.getAttribute('html', 'dir'),
  };
}

async function asked(page, visit) {
  await typed(page, visit.type);
  const looks = [];
  for (let turn = 0; turn < 2; turn++) {
    await run(page, () => page.click('#ask button[type=submit]'));
    looks.push(await seen(page));
  }
  const [download] = await Promise.all([
    page.context().waitForEvent('response', { predicate: answer => answer.url().includes('format=csv') }),
    // A link, or for a long query the button of a form.
    page.click('.formats a[href*="format=csv"], .formats button[value=csv]').catch(error => {
      if (!/Download is starting|ERR_ABORTED/.test(error.message)) throw error;
    }),
  ]);
  const again = await page.context().request.get(download.url());
  return { looks, status: download.status(), type: download.headers()['content-type'], csv: await again.text() };
}

async function looked(page, visit, part) {
  const layouts = {};
  for (const width of visit.widths) {
    await page.setViewportSize({ width, height: HEIGHT });
    await pictured(page, tasks.screenshots, `${visit.name}-${width}${part}`);
    layouts[`${width}${part}`] = await page.evaluate(layout);
  }
  return layouts;
}

// Pages that are only looked at leave nothing behind: one after the other they have one window, which has read axe and
// the files of the site before.
let seeing;
async function pageOf(visit) {
  const made = async () => (await browser.newContext({
    javaScriptEnabled: visit.script, viewport: { width: visit.widths[0], height: HEIGHT }, acceptDownloads: true,
    bypassCSP: Boolean(visit.axe),  // for axe alone: what the page itself would load is told as foreign all the same
  })).newPage();
  return visit.axe && visit.script ? seeing ??= await made() : made();
}

// The rules of axe whose findings are no less than serious: the others are told of nobody.
function graveOnly() {
  const { rules } = window.axe._audit;
  return rules.filter(rule => rule.enabled && !['minor', 'moderate'].includes(rule.impact)).map(rule => rule.id);
}

async function visited(visit) {
  const page = await pageOf(visit);
  const said = [], foreign = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) said.push(message.text()); });
  page.on('pageerror', error => said.push(String(error)));
  page.on('requestfailed', request => {
    if (!request.url().includes('format=')) said.push(`${request.url()}: ${request.failure().errorText}`);
  });
  page.on('request', request => { if (!request.url().startsWith(tasks.url)) foreign.push(request.url()); });
  try {
    const answer = await page.goto(tasks.url + visit.path);
    const result = { name: visit.name, status: answer.status(), layouts: await looked(page, visit, '') };
    if (visit.type !== undefined) {
      result.asked = await asked(page, visit);
      Object.assign(result.layouts, await looked(page, visit, '-answers'));
    }
    if (visit.axe) {
      await page.evaluate(AXE);
      const rules = await page.evaluate(graveOnly);
      const { violations } = await page.evaluate(
        values => window.axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'rule', values } }), rules,
      );
      result.axe = violations.map(v => ({ id: v.id, impact: v.impact, where: v.nodes.map(n => n.target.join(' ')) }));
    }
    return { ...result, said, foreign };
  } finally {
    if (page === seeing) page.removeAllListeners();
    else await page.context().close();
  }
}

try {
  for (const visit of tasks.visits) {
    process.stdout.write(JSON.stringify(await visited(visit)) + '\n');
  }
} finally {
  await browser.close();
}
