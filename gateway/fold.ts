/**
 * Letters of other scripts that look like Latin ones in common fonts, and what some readers take for the same: after
 * compatibility decomposition and lower case. A part of the table of Unicode Technical Standard 39.
 */
const LOOKS_LIKE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    a: 'аɑαаⱥ',
    b: 'ьƅв',
    c: 'сϲⅽᴄ',
    d: 'ԁɗⅾ',
    e: 'еєҽεё',
    f: 'ƒϝ',
    g: 'ɡԍց',
    h: 'һհнη',
    j: 'јϳ',
    k: 'кκᴋ',
    l: 'iіıɩι1|ӏⅼǀļ',
    m: 'мⅿ',
    n: 'ոпռ',
    o: '0оοσօჿ٠۰',
    p: 'рρ',
    q: 'ԛգ',
    r: 'гᴦ',
    s: 'ѕꜱƽ',
    t: 'тτᴛ',
    u: 'υսцᴜ',
    v: 'ѵνⅴᴠ',
    w: 'ѡԝωшᴡ',
    x: 'хχⅹ×',
    y: 'уүγყ',
    z: 'ᴢʐ',
    // What stands between the parts of a name, and is left out afterwards.
    '-': '‐‑‒–—−﹣‗＿․。⁄∕:',
  }).flatMap(([plain, others]) => [...others].map((other) => [other, plain])),
);

/** Seen by nobody: format characters, controls, fillers, and marks that hang on the letter before. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{M}\p{Z}\u115f\u1160\u3164\uffa0]/gu;

const PLAIN = /^[a-z0-9_./-]*$/;

/** What stands between the parts of a name: `file_path`, `file-path` and `filePath` are one to a server with aliases. */
const BETWEEN = /[-_./]/g;

/**
 * What a name comes down to for a careless reader: without case, invisible characters, accents and what separates
 * words, and with letters that look alike made one. Two different names with the same fold are not to be told apart by
 * a person or by a server that is not strict.
 */
export function fold(name: string): string {
  const lower = PLAIN.test(name) ? name : lowered(name);
  const letters = PLAIN.test(lower)
    ? lower.replaceAll(/[i1]/g, 'l').replaceAll('0', 'o')
    : [...lower].map((letter) => LOOKS_LIKE[letter] ?? letter).join('');
  return letters.replaceAll(BETWEEN, '');
}

/** Upper case first: only so do `ß` and `SS` become one. */
function lowered(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(UNSEEN, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(UNSEEN, '');
}

/** Characters that have no place in the name of a tool or a method and cannot be seen there. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u00a0]|^\s|\s$/u;

/** Whether a name holds a character that cannot be seen. */
export function hasHidden(name: string): boolean {
  return HIDDEN.test(name);
}

/** Text for a person, with every character that could move, hide or reorder it written as its number. */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu,
    (character) => (character === '\n' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`),
  );
}
