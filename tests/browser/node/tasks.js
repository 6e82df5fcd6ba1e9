// node tasks.js < TASKS: a reader's tasks, clicked through from the home page, as one JSON object a line.
//
// TASKS is {"chromium", "url", "screenshots"?, "tasks": [{"name", "search"?, "clicks", "saves"?}], "languages", "widths",
// "kinds": [PATH], "printed": {"path", "file"}}.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { FLAGS, pictured } from './asking.js';

const given = JSON.parse(readFileSync(0, 'utf8'));
const browser = await chromium.launch({ executablePath: given.chromium, args: FLAGS });
const tell = found => process.stdout.write(JSON.stringify(found) + '\n');
const HEIGHT = 1000;

async function done(page, task, language) {
  await page.goto(`${given.url}/?lang=${language}`);
  let clicks = 0;
  if (task.search) {
    await page.fill('main #q', task.search);
    await Promise.all([page.waitForEvent('load'), page.click('main form[role=search] button')]);
    clicks += 1;
  }
  for (const [index, selector] of task.clicks.entries()) {
    clicks += 1;
    if (task.saves && index === task.clicks.length - 1) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
      return { clicks, saved: download.suggestedFilename(), failure: await download.failure() };
    }
    await Promise.all([page.waitForEvent('load'), page.locator(selector).first().click()]);
  }
  const main = page.locator('main');
  return {
    clicks, address: page.url(), text: (await main.innerText()).replace(/\s+/g, ' '),
    links: await main.locator('a').evaluateAll(links => links.map(link => link.getAttribute('href'))),
    overflow: await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  };
}

// Tab and Enter alone: past the menus, to a link, to its page; every stop is seen.
async function byKeyboard(page) {
  await page.goto(`${given.url}/?lang=en`);
  await page.keyboard.press('Tab');
  const skip = await page.evaluate(() => document.activeElement.getAttribute('href'));
  await page.keyboard.press('Enter');
  const stops = [];
  for (let turn = 0; turn < 60; turn++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
      return { href: at.getAttribute('href'), outline: style.outlineStyle, seen: box.bottom > 0 && box.top < innerHeight };
    });
    stops.push(stop);
    if (stop.href?.startsWith('/id/target-economy')) break;
  }
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  return { name: 'keyboard', skip, stops, address: page.url(), heading: await page.innerText('h1') };
}

try {
  for (const width of given.widths) {
    const context = await browser.newContext({
      viewport: { width, height: HEIGHT }, acceptDownloads: true, javaScriptEnabled: width > 400,
    });
    const foreign = [];
    context.on('request', request => { if (!request.url().startsWith(given.url)) foreign.push(request.url()); });
    for (const language of given.languages) {
      const page = await context.newPage();
      for (const task of given.tasks) tell({ name: `${task.name}-${language}-${width}`, ...await done(page, task, language) });
      await pictured(page, given.screenshots, `tasks-${language}-${width}`);
      await page.close();
    }
    if (width > 400) {
      const page = await context.newPage();
      tell(await byKeyboard(page));
      await page.goto(given.url + given.printed.path);
      await page.pdf({ path: given.printed.file, format: 'A4', preferCSSPageSize: true });
    }
    tell({ name: `foreign-${width}`, foreign });
    await context.close();
  }
} finally {
  await browser.close();
}
