const NEWLINE = 0x0a;

/**
 * Takes chunks of bytes and gives whole lines, without their line ends. A line longer than `maxBytes` calls `onTooLong`
 * and is passed over; what follows it is read again. What stands after the last line end is given by `end`.
 */
export function createLines(
  maxBytes: number,
  onLine: (line: Buffer) => void,
  onTooLong: () => void,
): { push(chunk: Buffer): void; end(): void } {
  // Pieces are joined once per line: joining at every chunk costs the square of a long line.
  let pieces: Buffer[] = [];
  let size = 0;
  let skipping = false;

  const finish = () => {
    const [first] = pieces;
    const line = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
    pieces = [];
    size = 0;
    const isEmpty = line.length === 0 || (line.length === 1 && line[0] === 0x0d);
    if (!skipping && !isEmpty) onLine(line.at(-1) === 0x0d ? line.subarray(0, -1) : line);
    skipping = false;
  };

  return {
    push(chunk) {
      let rest = chunk;
      for (;;) {
        const end = rest.indexOf(NEWLINE);
        const piece = end === -1 ? rest : rest.subarray(0, end);
        size += piece.length;
        if (size > maxBytes && !skipping) {
          skipping = true;
          pieces = [];
          onTooLong();
        }
        if (!skipping && piece.length > 0) pieces.push(piece);
        if (end === -1) return;
        finish();
        rest = rest.subarray(end + 1);
      }
    },
    end: () => finish(),
  };
}
