import { TOOLS_PER_SEARCH_FILE, TOOLS_PER_SEARCH_PASS } from '../limits.ts';
import type { ReadOutlines } from '../page.ts';
import { writeHit } from './documents.ts';
import type { SearchFile } from './write-words.ts';

/**
 * The files with what a result shows of each tool, by their numbers. The tools come in another order than that of their
 * numbers, so the texts of many are held at a time, as bytes; where there are more, the outlines are read again.
 */
export async function* documentFiles(numberOf: Int32Array, read: ReadOutlines): AsyncGenerator<SearchFile> {
  for (let from = 0; from < numberOf.length; from += TOOLS_PER_SEARCH_PASS) {
    const to = Math.min(from + TOOLS_PER_SEARCH_PASS, numberOf.length);
    const texts = startTexts(to - from);
    let tool = 0;
    for await (const server of read()) {
      for (const outline of server.tools) {
        const number = numberOf[tool++] ?? 0;
        if (number >= from && number < to) texts.put(number - from, writeHit(server, outline));
      }
    }
    for (let first = from; first < to; first += TOOLS_PER_SEARCH_FILE) {
      const last = Math.min(first + TOOLS_PER_SEARCH_FILE, to);
      yield {
        kind: 'tools',
        index: first / TOOLS_PER_SEARCH_FILE,
        bytes: texts.joined(first - from, last - from),
      };
    }
  }
}

interface Texts {
  put(place: number, text: string): void;
  /** The texts from one place to another as a JSON list. */
  joined(from: number, to: number): Uint8Array<ArrayBuffer>;
}

/** Bytes of a piece, in which texts lie one after the other. */
const PIECE = 1 << 22;

/** The most bytes that a text can have of which every character takes three. */
const BYTES_PER_CHARACTER = 3;

function startTexts(count: number): Texts {
  const encoder = new TextEncoder();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const pieceOf = new Uint16Array(count);
  const startOf = new Int32Array(count);
  const lengthOf = new Int32Array(count);
  let used = PIECE;
  return {
    put(place, text) {
      const most = text.length * BYTES_PER_CHARACTER;
      let piece = pieces.at(-1);
      if (piece === undefined || used + most > piece.length) {
        piece = new Uint8Array(Math.max(PIECE, most));
        pieces.push(piece);
        used = 0;
      }
      const { written } = encoder.encodeInto(text, piece.subarray(used));
      pieceOf[place] = pieces.length - 1;
      startOf[place] = used;
      lengthOf[place] = written;
      used += written;
    },
    joined(from, to) {
      let size = to - from + 1;
      for (let place = from; place < to; place++) size += lengthOf[place] ?? 0;
      const bytes = new Uint8Array(size);
      let at = 0;
      for (let place = from; place < to; place++) {
        bytes[at++] = place === from ? 0x5b : 0x2c;
        const start = startOf[place] ?? 0;
        const text = pieces[pieceOf[place] ?? 0]?.subarray(start, start + (lengthOf[place] ?? 0));
        if (text !== undefined) bytes.set(text, at);
        at += text?.length ?? 0;
      }
      bytes[at] = 0x5d;
      return bytes;
    },
  };
}
