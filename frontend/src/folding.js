// Texts in one form for comparison, as the search of the site has them (kg/folding.py): no marks, no case, one form of each
// Arabic letter, Latin digits; everything else separates words, but in a text that has nothing else.
const SPELLED = new Map(Object.entries({
  '\u0640': '', '\u0621': '', '\u0671': 'ا', '\u0629': 'ه', '\u0649': 'ي', '\u06cc': 'ي', '\u06a9': 'ك',
  '\u06c1': 'ه', '\u06be': 'ه', '\u06ad': 'ك', '\u06af': 'ك', '\u06a4': 'ف', '\u06a8': 'ق', '\u067e': 'ب',
  '\u0686': 'ج', '\u0153': 'oe', '\u00e6': 'ae', '\u00f8': 'o', '\u0142': 'l', '\u0111': 'd', '\u0131': 'i', 'ς': 'σ',
}));
const OTHER = new RegExp(`[${[...SPELLED.keys()].join('')}]|(?![0-9])\\p{Nd}`, 'gu');

export function fold(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return words(text.toLowerCase().replace(/[^a-z0-9]+/g, ' ')) || words(text);
  // Capitals first: some small letters have two of them, as those of "ß".
  const plain = text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  const letters = plain.replace(/[\p{M}\p{Cf}]+/gu, '').replace(OTHER, spelled);
  return words(letters.replace(/[^\p{L}\p{N}]+/gu, ' ')) || words(plain.replace(OTHER, spelled)) || words(plain);
}

function words(text) {
  return text.split(/\s+/u).filter(Boolean).join(' ');
}

function spelled(letter) {
  const other = SPELLED.get(letter);
  if (other !== undefined) return other;
  // Digits stand in tens, from nought to nine (Unicode, section 4.6).
  let first = letter.codePointAt(0);
  const code = first;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}
