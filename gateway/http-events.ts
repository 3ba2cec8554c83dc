const LF = 0x0a;
const CR = 0x0d;

export interface StreamEvents {
  /** The data of one event that carries a message. */
  onData(data: string): void;
  /** The name under which the stream can be taken up again after this point. */
  onId(id: string): void;
  /** Milliseconds after which the server wants a broken stream to be taken up. */
  onRetry(ms: number): void;
  /** An event is longer than allowed; nothing more is read. */
  onTooLong(): void;
}

/**
 * Reads server-sent events (HTML Living Standard, section 9.2) from chunks of bytes. Events of another type than
 * `message` carry nothing for us.
 */
export function createEventReader(maxBytes: number, events: StreamEvents): { push(chunk: Buffer): void } {
  let pieces: Buffer[] = [];
  let data: string[] = [];
  let type = '';
  /** Bytes since the last event. */
  let size = 0;
  let afterCr = false;
  let first = true;
  let tooLong = false;

  const keep = (piece: Buffer) => {
    size += piece.length;
    if (size > maxBytes && !tooLong) {
      tooLong = true;
      events.onTooLong();
    }
    if (!tooLong && piece.length > 0) pieces.push(piece);
  };

  const dispatch = () => {
    const text = data.join('\n');
    const isMessage = data.length > 0 && text !== '' && (type === '' || type === 'message');
    data = [];
    type = '';
    size = 0;
    if (isMessage) events.onData(text);
  };

  const onLine = () => {
    const [only] = pieces;
    const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
    pieces = [];
    const read = bytes.toString('utf8');
    const line = first ? read.replace(/^\ufeff/, '') : read;
    first = false;
    if (line === '') return dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const rest = colon === -1 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
    else if (field === 'id' && !value.includes('\0')) events.onId(value);
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) events.onRetry(Number(value));
  };

  return {
    push(chunk) {
      if (tooLong || chunk.length === 0) return;
      let at = afterCr && chunk[0] === LF ? 1 : 0;
      afterCr = false;
      let lf = chunk.indexOf(LF, at);
      let cr = chunk.indexOf(CR, at);
      while (!tooLong) {
        const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
        keep(chunk.subarray(at, end === -1 ? undefined : end));
        if (end === -1 || tooLong) return;
        onLine();
        at = end + 1;
        if (end === cr) {
          if (at === chunk.length) afterCr = true;
          else if (chunk[at] === LF) at += 1;
        }
        if (lf !== -1 && lf < at) lf = chunk.indexOf(LF, at);
        if (cr !== -1 && cr < at) cr = chunk.indexOf(CR, at);
      }
    },
  };
}

/** A message as one event. JSON has no line ends of its own, so one line of data holds it. */
export function eventOf(text: string): string {
  return `data: ${text}\n\n`;
}
