import { TOOLS_PER_SEARCH_FILE, TOOLS_PER_SEARCH_PASS } from '../limits.ts';
import type { ReadOutlines } from '../page.ts';
import { writeHit } from './documents.ts';
import { type HeldTexts, startTexts } from './texts.ts';
import type { SearchFile } from './write-words.ts';

/**
 * The files with what a result shows of each tool, by their numbers. The tools are read in another order than that of
 * their numbers, so many texts are held at a time: those of all tools, where they were kept when the words were read
 * (`held`, in the order of reading); otherwise those of a part, and the outlines are read again for each part.
 */
export async function* documentFiles(
  numberOf: Int32Array,
  held: HeldTexts | undefined,
  read: ReadOutlines,
): AsyncGenerator<SearchFile> {
  if (held !== undefined) {
    const order = new Int32Array(numberOf.length);
    for (const [tool, number] of numberOf.entries()) order[number] = tool;
    yield* filesOf(held, order, 0);
    return;
  }
  for (let from = 0; from < numberOf.length; from += TOOLS_PER_SEARCH_PASS) {
    const order = new Int32Array(Math.min(TOOLS_PER_SEARCH_PASS, numberOf.length - from));
    const texts = startTexts();
    let tool = 0;
    for await (const server of read()) {
      for (const outline of server.tools) {
        const place = (numberOf[tool++] ?? 0) - from;
        if (place >= 0 && place < order.length) order[place] = texts.add(writeHit(server, outline));
      }
    }
    yield* filesOf(texts, order, from);
  }
}

/** The files for the tools from the number `from` on; `order` says which text each has. */
function* filesOf(texts: HeldTexts, order: Int32Array, from: number): Generator<SearchFile> {
  for (let first = 0; first < order.length; first += TOOLS_PER_SEARCH_FILE) {
    const index = (from + first) / TOOLS_PER_SEARCH_FILE;
    yield { kind: 'tools', index, bytes: texts.list(order.subarray(first, first + TOOLS_PER_SEARCH_FILE)) };
  }
}
