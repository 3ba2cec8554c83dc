import { pointerOf } from './pointer.ts';

/**
 * JSON read so strictly that two readers cannot take the same text for two things: no key twice, no number that loses
 * digits, no half of a surrogate pair. `JSON.parse` lets all of these pass.
 */

/** What is wrong with a text, and where: line and column count from 1, the column in UTF-16 code units. */
interface JsonFault {
  pointer: string;
  line: number;
  column: number;
  /** Follows the place, as in `has the key "a" twice`. */
  message: string;
  remedy: string;
}

export type ReadJson = { ok: true; value: unknown } | { ok: false; fault: JsonFault };

export interface JsonBounds {
  /** UTF-16 code units of the text. */
  maxChars: number;
  /** Objects and lists inside one another. */
  maxDepth: number;
  /** Lets half of a surrogate pair pass where it is written as an escape. Readers differ in what they make of it. */
  halfPairs?: boolean;
}

/** A policy of ten thousand tools is some 2 MB long; arguments nest some ten deep. */
export const JSON_BOUNDS: JsonBounds = { maxChars: 8_000_000, maxDepth: 64 };

/** Reads one JSON value (RFC 8259), or gives the first fault. Never throws. A key such as `__proto__` is a plain key. */
export function readJson(text: string, bounds: JsonBounds = JSON_BOUNDS): ReadJson {
  const { maxChars, maxDepth, halfPairs = false } = bounds;
  const scan: Scan = { text, at: 0, path: [], maxDepth, halfPairs };
  if (text.length > maxChars) {
    fail(scan, 'is too long', `Keep it under ${maxChars} characters.`);
    return { ok: false, fault: faultOf(scan) };
  }
  const value = readValue(scan);
  skipBlanks(scan);
  if (value !== FAILED && scan.at < text.length) {
    fail(scan, 'goes on after its end', 'Remove what follows the value.');
  }
  return value === FAILED || scan.fault ? { ok: false, fault: faultOf(scan) } : { ok: true, value };
}

/**
 * Where the value at a path stands in a text that `readJson` could read: line and column of its first character.
 * Where nothing stands there, the place of the nearest value around it.
 */
export function placeOf(text: string, path: readonly PropertyKey[]): { line: number; column: number } {
  let found = { at: 0, length: -1 };
  const onValue = (here: readonly PropertyKey[], at: number) => {
    if (here.length <= found.length || here.length > path.length) return;
    if (here.every((token, index) => String(token) === String(path[index])))
      found = { at, length: here.length };
  };
  readValue({ text, at: 0, path: [], maxDepth: Number.POSITIVE_INFINITY, halfPairs: true, onValue });
  return lineAndColumn(text, found.at);
}

interface Scan {
  readonly text: string;
  at: number;
  readonly path: (string | number)[];
  readonly maxDepth: number;
  readonly halfPairs: boolean;
  readonly onValue?: (path: readonly (string | number)[], at: number) => void;
  fault?: Pick<JsonFault, 'message' | 'remedy'> & { at: number };
}

const FAILED = Symbol('failed');
type Failed = typeof FAILED;

function fail(scan: Scan, message: string, remedy: string, at = scan.at): Failed {
  scan.fault = { message, remedy, at };
  return FAILED;
}

function faultOf({ text, path, fault }: Scan): JsonFault {
  const { at = 0, message = '', remedy = '' } = fault ?? {};
  return { pointer: pointerOf(path), ...lineAndColumn(text, at), message, remedy };
}

function lineAndColumn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

const CODE = { tab: 9, lf: 10, cr: 13, space: 32, quote: 34, backslash: 92 } as const;

function skipBlanks(scan: Scan): void {
  for (;;) {
    const code = scan.text.charCodeAt(scan.at);
    if (code !== CODE.space && code !== CODE.lf && code !== CODE.cr && code !== CODE.tab) return;
    scan.at++;
  }
}

function readValue(scan: Scan): unknown {
  skipBlanks(scan);
  scan.onValue?.(scan.path, scan.at);
  switch (scan.text[scan.at]) {
    case '{':
      return readObject(scan);
    case '[':
      return readList(scan);
    case '"':
      return readString(scan);
    case 't':
      return readWord(scan, 'true', true);
    case 'f':
      return readWord(scan, 'false', false);
    case 'n':
      return readWord(scan, 'null', null);
    default:
      return readNumber(scan);
  }
}

function readObject(scan: Scan): unknown {
  if (scan.path.length >= scan.maxDepth) return tooDeep(scan);
  const found: Record<string, unknown> = {};
  scan.at++;
  skipBlanks(scan);
  if (isNext(scan, '}')) return found;
  do {
    skipBlanks(scan);
    const at = scan.at;
    if (scan.text.charCodeAt(at) !== CODE.quote) return unexpected(scan, 'a key in double quotes');
    const key = readString(scan);
    if (typeof key !== 'string') return FAILED;
    if (Object.hasOwn(found, key)) {
      return fail(scan, `has the key ${JSON.stringify(key)} twice`, 'Keep one of the two.', at);
    }
    skipBlanks(scan);
    if (!isNext(scan, ':')) return unexpected(scan, 'a colon after the key');
    scan.path.push(key);
    const value = readValue(scan);
    if (value === FAILED) return FAILED;
    scan.path.pop();
    if (key === '__proto__')
      Object.defineProperty(found, key, { value, enumerable: true, writable: true, configurable: true });
    else found[key] = value;
    skipBlanks(scan);
  } while (isNext(scan, ','));
  return isNext(scan, '}') ? found : unexpected(scan, 'a comma or the end of the object');
}

function readList(scan: Scan): unknown {
  if (scan.path.length >= scan.maxDepth) return tooDeep(scan);
  const found: unknown[] = [];
  scan.at++;
  skipBlanks(scan);
  if (isNext(scan, ']')) return found;
  do {
    scan.path.push(found.length);
    const value = readValue(scan);
    if (value === FAILED) return FAILED;
    scan.path.pop();
    found.push(value);
    skipBlanks(scan);
  } while (isNext(scan, ','));
  return isNext(scan, ']') ? found : unexpected(scan, 'a comma or the end of the list');
}

function tooDeep(scan: Scan): Failed {
  return fail(scan, 'is nested too deeply', `Keep objects and lists within ${scan.maxDepth} of one another.`);
}

function isNext(scan: Scan, character: string): boolean {
  if (scan.text[scan.at] !== character) return false;
  scan.at++;
  return true;
}

function unexpected(scan: Scan, wanted: string): Failed {
  if (scan.at >= scan.text.length)
    return fail(scan, `ends where ${wanted} should stand`, 'The text was cut off; complete it.');
  const found = JSON.stringify(String.fromCodePoint(scan.text.codePointAt(scan.at) ?? 0));
  return fail(
    scan,
    `has ${found} where ${wanted} should stand`,
    'JSON has no comments, no trailing commas and no single quotes.',
  );
}

function readWord(scan: Scan, word: string, value: unknown): unknown {
  if (!scan.text.startsWith(word, scan.at)) return unexpected(scan, 'a value');
  scan.at += word.length;
  return value;
}

function readString(scan: Scan): string | Failed {
  const end = endOfString(scan);
  if (end === undefined) {
    return fail(
      scan,
      'has a string that does not end, or holds a character that must be escaped',
      'Close it, and write a line break as \\n, a tab as \\t and a backslash as \\\\.',
    );
  }
  const source = scan.text.slice(scan.at, end);
  const value = source.includes('\\') ? String(JSON.parse(source)) : source.slice(1, -1);
  if (!(scan.halfPairs ? source : value).isWellFormed()) {
    return fail(scan, 'has half of a surrogate pair in a string', 'Write the whole character.');
  }
  scan.at = end;
  return value;
}

const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

/** Behind the closing quote. */
function endOfString({ text, at }: Scan): number | undefined {
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === CODE.quote) return index + 1;
    if (code < CODE.space) return undefined;
    if (code !== CODE.backslash) continue;
    ESCAPE.lastIndex = index + 1;
    if (!ESCAPE.test(text)) return undefined;
    index = ESCAPE.lastIndex - 1;
  }
  return undefined;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Doubles hold this many digits of any decimal number. */
const SURE_DIGITS = 15;

function readNumber(scan: Scan): unknown {
  NUMBER.lastIndex = scan.at;
  const [source] = NUMBER.exec(scan.text) ?? [];
  if (source === undefined) return unexpected(scan, 'a value');
  const value = Number(source);
  const isPlain = source.length <= SURE_DIGITS && !/[eE]/.test(source);
  if (!isPlain && !isHeld(source, value)) {
    return fail(
      scan,
      `has the number ${clipped(source)}, which would not be kept exactly`,
      'Write it with fewer digits, or as a string.',
    );
  }
  scan.at += source.length;
  return value;
}

/** Whether the double has the written value: as JavaScript writes it, or with the 17 digits that others write. */
function isHeld(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const written = decimal(source);
  return (
    written === decimal(String(value)) ||
    (!Number.isInteger(value) && written === decimal(value.toPrecision(17)))
  );
}

/** A number's sign, digits without zeros around them, and power of ten: the same for every way to write one value. */
function decimal(source: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  // Counted by hand: a pattern for the zeros at the end takes the square of the time when there are many before it.
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  const kept = digits.slice(0, end);
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(power) - fraction.length + digits.length - kept.length}`;
}

function clipped(source: string): string {
  return source.length <= 40 ? source : `${source.slice(0, 40)}…`;
}
