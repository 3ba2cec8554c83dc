/** Length of a message's head: its type, and its length without the type. */
const HEAD = 5;

/**
 * Follows the messages that a PostgreSQL server sends, however they are cut: `onMessage` is called with the type of each
 * as soon as its head is there. The format: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function followMessages(onMessage: (type: string) => void): (chunk: Uint8Array) => void {
  const head = new DataView(new ArrayBuffer(HEAD));
  let filled = 0;
  let skip = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      const skipped = Math.min(skip, chunk.length - at);
      at += skipped;
      skip -= skipped;
      while (skip === 0 && filled < HEAD && at < chunk.length) head.setUint8(filled++, chunk[at++] ?? 0);
      if (filled < HEAD) continue;
      filled = 0;
      skip = head.getUint32(1) + 1 - HEAD;
      onMessage(String.fromCharCode(head.getUint8(0)));
    }
  };
}
