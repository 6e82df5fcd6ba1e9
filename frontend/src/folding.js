// Texts in one form for comparison, as the search of the site has them: no marks, no case, one form of each Arabic letter,
// Latin digits; everything else separates words.
const SPELLED = new Map(Object.entries({
  '\u0640': '', '\u0621': '', '\u0671': 'ا', '\u0629': 'ه', '\u0649': 'ي', '\u06cc': 'ي', '\u06a9': 'ك',
  '\u06c1': 'ه', '\u06be': 'ه', '\u06ad': 'ك', '\u06af': 'ك', '\u06a4': 'ف', '\u06a8': 'ق', '\u067e': 'ب',
  '\u0686': 'ج', '\u0153': 'oe', '\u00e6': 'ae', '\u00f8': 'o', '\u0142': 'l', '\u0111': 'd', '\u0131': 'i',
}));
const ZEROS = [0x0660, 0x06f0];

export function fold(text) {
  const plain = text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '');
  return [...plain].map(letter => SPELLED.get(letter) ?? digit(letter)).join('').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function digit(letter) {
  const code = letter.codePointAt(0);
  const zero = ZEROS.find(first => code >= first && code <= first + 9);
  return zero === undefined ? letter : String(code - zero);
}
