import { startNumbers } from './numbers.ts';

/** Many JSON texts, held as bytes outside of the heap. */
export interface HeldTexts {
  /** Keeps a text and gives its number, counted from 0. */
  add(text: string): number;
  size(): number;
  /** The texts with these numbers as a JSON list. */
  list(numbers: Int32Array): Uint8Array<ArrayBuffer>;
}

/** Bytes of a piece, in which texts lie one after the other. */
const PIECE_BITS = 22;
const PIECE = 1 << PIECE_BITS;

/** The most bytes that a UTF-16 code unit takes as UTF-8. */
const BYTES_PER_UNIT = 3;

const [OPEN, COMMA, CLOSE] = new TextEncoder().encode('[,]');

/** Throws a `RangeError` for a text that is longer than a piece, which no outline comes near. */
export function startTexts(): HeldTexts {
  const encoder = new TextEncoder();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const starts = startNumbers();
  const ends = startNumbers();
  let used = PIECE;
  return {
    size: () => ends.length(),
    add(text) {
      const most = text.length * BYTES_PER_UNIT;
      if (most > PIECE) throw new RangeError('a tool of the search has a text that is too long');
      if (used + most > PIECE) {
        pieces.push(new Uint8Array(PIECE));
        used = 0;
      }
      const piece = pieces.length - 1;
      const { written } = encoder.encodeInto(text, (pieces[piece] ?? new Uint8Array()).subarray(used));
      starts.push((piece << PIECE_BITS) | used);
      used += written;
      ends.push((piece << PIECE_BITS) | used);
      return ends.length() - 1;
    },
    list(numbers) {
      let size = numbers.length + 1;
      for (const number of numbers) size += ends.at(number) - starts.at(number);
      const bytes = new Uint8Array(Math.max(size, 2));
      let at = 0;
      for (const number of numbers) {
        bytes[at] = (at === 0 ? OPEN : COMMA) ?? 0;
        const start = starts.at(number);
        const length = ends.at(number) - start;
        const inPiece = start & (PIECE - 1);
        const text = pieces[start >> PIECE_BITS]?.subarray(inPiece, inPiece + length);
        if (text !== undefined) bytes.set(text, at + 1);
        at += 1 + length;
      }
      bytes[at] = CLOSE ?? 0;
      return bytes;
    },
  };
}
