// A filter over the rows of an answer that the page shows, while one types: those without the words are hidden, and how
// many of how many are left is said. The order, the pages and the files of the answer are not touched.
import { fold } from './folding.js';

export function offerFilter(words) {
  const table = document.querySelector('#outcome .answers table');
  const rows = [...(table?.tBodies[0]?.rows ?? [])];
  if (rows.length < 2 || document.getElementById('only')) return;
  const field = Object.assign(document.createElement('input'), {
    type: 'search', id: 'only', dir: 'auto', autocomplete: 'off', maxLength: 200,
  });
  const label = Object.assign(document.createElement('label'), { htmlFor: 'only', className: 'inline', textContent: words.filter });
  const status = document.createElement('span');
  status.setAttribute('role', 'status');
  const line = Object.assign(document.createElement('p'), { className: 'only' });
  line.append(label, ' ', field, ' ', status);
  document.querySelector('#outcome .answers').before(line);
  const texts = rows.map(row => ` ${[...row.cells].map(cell => fold(cell.textContent)).join(' \n ')}`);
  field.addEventListener('input', () => {
    const sought = fold(field.value).split(' ').filter(Boolean);
    let left = 0;
    rows.forEach((row, place) => {
      row.hidden = !sought.every(word => texts[place].includes(word));
      left += !row.hidden;
    });
    status.textContent = sought.length ? words.filtered.replace('{found}', left).replace('{all}', rows.length) : '';
  });
  // Enter is no question to the server here.
  field.addEventListener('keydown', event => { if (event.key === 'Enter') event.preventDefault(); });
}
