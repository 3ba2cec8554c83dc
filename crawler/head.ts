/** What was kept of a stream. */
export interface Head {
  add(chunk: Buffer): void;
  /** The text kept so far, without white space around it. */
  text(): string;
}

/** Keeps the first `limit` bytes of a stream and forgets the rest. */
export function createHead(limit: number): Head {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add(chunk) {
      if (size >= limit) return;
      const piece = Buffer.from(chunk.subarray(0, limit - size));
      chunks.push(piece);
      size += piece.length;
    },
    // A character cut in two at the end decodes to a replacement character.
    text: () =>
      Buffer.concat(chunks)
        .toString('utf8')
        .replace(/\uFFFD$/, '')
        .trim(),
  };
}
