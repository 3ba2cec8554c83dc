const NEWLINE = 0x0a;

/**
 * Takes chunks of bytes and gives whole lines as text, without their line ends. A line longer than `maxBytes` calls
 * `onTooLong` once, after which nothing more is read.
 */
export function createLineReader(
  maxBytes: number,
  onLine: (line: string) => void,
  onTooLong: () => void,
): (chunk: Buffer) => void {
  // Pieces are joined once per line: joining at every chunk costs the square of a long line.
  let pieces: Buffer[] = [];
  let pending = 0;
  let stopped = false;

  return (chunk) => {
    let rest = chunk;
    while (!stopped) {
      const end = rest.indexOf(NEWLINE);
      const piece = end === -1 ? rest : rest.subarray(0, end);
      pending += piece.length;
      if (pending > maxBytes) {
        stopped = true;
        pieces = [];
        onTooLong();
        return;
      }
      pieces.push(piece);
      if (end === -1) return;
      const line = Buffer.concat(pieces).toString('utf8');
      pieces = [];
      pending = 0;
      onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
      rest = rest.subarray(end + 1);
    }
  };
}
