import { join } from 'node:path';

// How a person types a query and runs it, in the field or in the editor that may stand for it.
export const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// Take a picture of what is seen, where somebody wants pictures; no test looks at one.
export async function pictured(page, folder, name) {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

export const hasEditor = page => page.locator('#editor').count();

export async function typed(page, text) {
  if (!await hasEditor(page)) return page.fill('#query', text);
  await page.click('#editor .cm-content');
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Escape');  // no completion is wanted
}

// Do what asks the server, and wait for the answer to stand on the page: a new page, or its parts in this one.
export async function run(page, act) {
  if (!await hasEditor(page)) return Promise.all([page.waitForEvent('load'), act()]);
  const was = await page.evaluate(() => {
    document.getElementById('outcome').dataset.before = document.getElementById('trouble').dataset.before = 'yes';
    window.before = document.querySelector('header');
    return true;
  });
  await act();
  await page.waitForFunction(() => document.querySelector('header') !== window.before
    && document.getElementById('outcome').getAttribute('aria-busy') === 'false');
  return was;
}
