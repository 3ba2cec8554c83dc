import { type Change, diffLines, diffWordsWithSpace } from 'diff';
import type { TextDiff } from './contract.ts';
import { DIFF_CONTEXT_CHARS, MAX_DIFF_PIECE_CHARS, MAX_TEXT_EDITS, MAX_WORD_DIFF_CHARS } from './limits.ts';

type Part = TextDiff['parts'][number];
type Piece = Extract<Part, { text: string }>;

/**
 * What changed between two texts: word by word, line by line where they are long, and as a whole where they have too
 * little in common. Takes time that grows with the texts' length and no faster. What is left out is counted.
 */
export function diffTexts(before: string, after: string): TextDiff {
  const { by, parts } = comparePieces(before, after);
  return {
    by,
    parts: parts.flatMap((part, index) => shorten(part, index === 0, index === parts.length - 1)),
  };
}

/** The same with every character: the pieces that are the same and gone make up `before`, the others `after`. */
export function comparePieces(before: string, after: string): { by: TextDiff['by']; parts: Piece[] } {
  const head = commonHead(before, after);
  const tail = commonTail(before.slice(head), after.slice(head));
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const { by, pieces } = compareMiddle(old, now);
  return {
    by,
    parts: join([same(before.slice(0, head)), ...pieces, same(before.slice(before.length - tail))]),
  };
}

function compareMiddle(old: string, now: string): { by: TextDiff['by']; pieces: Piece[] } {
  const whole = [removed(old), added(now)];
  if (old === '' || now === '') return { by: 'word', pieces: whole };
  const bound = { maxEditLength: MAX_TEXT_EDITS };
  if (old.length + now.length <= MAX_WORD_DIFF_CHARS) {
    const words = diffWordsWithSpace(old, now, bound);
    if (words !== undefined) return { by: 'word', pieces: mend(words.map(pieceOf)) };
  }
  const lines = diffLines(old, now, bound);
  const isAlike = lines?.some((line) => !line.added && !line.removed) === true;
  return isAlike ? { by: 'line', pieces: lines.map(pieceOf) } : { by: 'whole', pieces: whole };
}

/** A few letters between two changes are changed with them: that is easier to read than every word by itself. */
function mend(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece, index) => {
    const isBetween = index > 0 && index < pieces.length - 1 && piece.kind === 'same';
    return isBetween && piece.text.length <= MAX_BETWEEN_CHARS
      ? [removed(piece.text), added(piece.text)]
      : [piece];
  });
}

const MAX_BETWEEN_CHARS = 12;

/** Neighbours of one kind as one piece; between two that are the same, what is gone before what is new. */
function join(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  let gone: string[] = [];
  let fresh: string[] = [];
  const flush = () => {
    if (gone.length > 0) joined.push(removed(gone.join('')));
    if (fresh.length > 0) joined.push(added(fresh.join('')));
    gone = [];
    fresh = [];
  };
  for (const piece of pieces.filter(({ text }) => text !== '')) {
    if (piece.kind === 'removed') gone.push(piece.text);
    else if (piece.kind === 'added') fresh.push(piece.text);
    else {
      flush();
      joined.push(piece);
    }
  }
  flush();
  return joined;
}

function pieceOf({ value, added: isNew, removed: isGone }: Change): Piece {
  return isNew ? added(value) : isGone ? removed(value) : same(value);
}

const same = (text: string): Piece => ({ kind: 'same', text });
const removed = (text: string): Piece => ({ kind: 'removed', text });
const added = (text: string): Piece => ({ kind: 'added', text });

/** Of what is the same only what stands near a difference; of what is not, its beginning and its end. */
function shorten(piece: Piece, isFirst: boolean, isLast: boolean): Part[] {
  const { kind, text } = piece;
  const side = kind === 'same' ? DIFF_CONTEXT_CHARS : MAX_DIFF_PIECE_CHARS / 2;
  const start = kind === 'same' && isFirst ? 0 : wordEnd(text, side);
  const end = kind === 'same' && isLast ? text.length : wordStart(text, text.length - side);
  if (end - start < side / 2) return [piece];
  const parts: Part[] = [
    { kind, text: text.slice(0, start) },
    { kind: 'omitted', of: kind, chars: end - start },
    { kind, text: text.slice(end) },
  ];
  return parts.filter((part) => part.kind === 'omitted' || part.text !== '');
}

/** The end of a word near a place; the place itself where the words do not end. Never inside a surrogate pair. */
function wordEnd(text: string, at: number): number {
  const blank = text.slice(at, at + MAX_WORD_CHARS).search(/\s/);
  return whole(text, Math.min(text.length, blank < 0 ? at : at + blank));
}

function wordStart(text: string, at: number): number {
  const from = Math.max(0, at - MAX_WORD_CHARS);
  const blank = text.slice(from, Math.max(0, at)).search(/\s\S*$/);
  return whole(text, Math.max(0, blank < 0 ? at : from + blank + 1));
}

const MAX_WORD_CHARS = 30;

function commonHead(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === a.length && at === b.length) return at;
  // Back to the beginning of the word, so that `lists` and `listed` are two words and not two endings.
  while (at > 0 && isInWord(a, b, at)) at--;
  return at;
}

function commonTail(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length))
    length++;
  while (length > 0 && isInWord(a, b, a.length - length, b.length - length)) length--;
  return length;
}

/** Whether a cut at this place goes through a word of one of the texts. */
function isInWord(a: string, b: string, at: number, other = at): boolean {
  return isThroughWord(a, at) || isThroughWord(b, other);
}

function isThroughWord(text: string, at: number): boolean {
  return at > 0 && at < text.length && IN_WORD.test(text.charAt(at - 1)) && IN_WORD.test(text.charAt(at));
}

/** Letters and digits of any script as UTF-16 has them, halves of surrogate pairs among them. */
const IN_WORD = /[\p{L}\p{M}\p{N}\p{Cs}_]/u;

function whole(text: string, at: number): number {
  const isInPair = /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
  return isInPair ? at - 1 : at;
}
