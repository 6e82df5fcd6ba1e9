// A filter over the rows of an answer that the page shows, while one types: those without the words are hidden, and how
// many of how many are left is said. The field is the server's, which looks in all rows of the answer when it is sent;
// the order, the pages and the files of the answer are not touched.
import { fold } from './folding.js';

export function offerFilter(words) {
  const field = document.querySelector('#outcome #only');
  const rows = [...(document.querySelector('#outcome .answers table')?.tBodies[0]?.rows ?? [])];
  if (!field || field.dataset.live || rows.length < 2) return;
  field.dataset.live = 'true';
  const status = field.closest('.only').querySelector('[role=status]');
  const [kept, told] = [field.value, status.textContent];
  const texts = rows.map(row => ` ${[...row.cells].map(cell => fold(cell.textContent)).join(' \n ')}`);
  field.addEventListener('input', () => {
    const sought = fold(field.value).split(' ').filter(Boolean);
    let left = 0;
    rows.forEach((row, place) => {
      // What the server has kept it has kept for the same words.
      row.hidden = field.value !== kept && !sought.every(word => texts[place].includes(word));
      left += !row.hidden;
    });
    const counted = words.filtered.replace('{found}', left).replace('{all}', rows.length);
    status.textContent = field.value === kept || !sought.length ? told : counted;
  });
}
