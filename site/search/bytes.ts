/** Numbers and texts as bytes: whole numbers from 0 in groups of seven bits, texts as UTF-8 after their length. */

export interface ByteWriter {
  /** Bytes written so far. */
  size(): number;
  number(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  /** What was written; the writer is empty after it. */
  take(): Uint8Array<ArrayBuffer>;
}

export function startBytes(): ByteWriter {
  let buffer = new Uint8Array(1024);
  let at = 0;
  function reserve(more: number): void {
    if (at + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, at + more));
    larger.set(buffer.subarray(0, at));
    buffer = larger;
  }
  function number(value: number): void {
    reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buffer[at++] = rest;
  }
  function bytes(value: Uint8Array): void {
    reserve(value.length);
    buffer.set(value, at);
    at += value.length;
  }
  return {
    size: () => at,
    number,
    text(value) {
      const encoded = new TextEncoder().encode(value);
      number(encoded.length);
      bytes(encoded);
    },
    bytes,
    take() {
      const taken = buffer.slice(0, at);
      at = 0;
      return taken;
    },
  };
}

export interface ByteReader {
  number(): number;
  text(): string;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** Reads what a writer wrote; throws a `RangeError` where the bytes end too early, so that half a file is no answer. */
export function readBytes(source: Uint8Array<ArrayBuffer>): ByteReader {
  let at = 0;
  function bytes(length: number): Uint8Array<ArrayBuffer> {
    if (at + length > source.length) throw new RangeError('a file of the search ends too early');
    at += length;
    return source.subarray(at - length, at);
  }
  function number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = source[at++];
      if (byte === undefined) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('a file of the search ends too early');
  }
  return { number, bytes, text: () => new TextDecoder().decode(bytes(number())) };
}
