import type { IncomingMessage } from 'node:http';
import { MAX_BODIES_BYTES, MAX_CLIENT_BYTES } from './limits.ts';

export type Body = { ok: true; bytes: Buffer } | { ok: false; reason: 'too large' | 'busy' | 'gone' };

/** Reads the bodies of requests, none of them too long, and not too much of them all at once. */
export function createBodyReader(): (request: IncomingMessage, done: (body: Body) => void) => void {
  let held = 0;
  return (request, done) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > MAX_CLIENT_BYTES) return done({ ok: false, reason: 'too large' });
    let chunks: Buffer[] = [];
    let size = 0;
    let over = false;
    const end = (body: Body) => {
      if (over) return;
      over = true;
      held -= size;
      chunks = [];
      request.off('data', onData);
      // What still comes is read and dropped, so that the answer can be read by who is still sending.
      request.resume();
      done(body);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      held += chunk.length;
      if (size > MAX_CLIENT_BYTES) return end({ ok: false, reason: 'too large' });
      if (held > MAX_BODIES_BYTES) return end({ ok: false, reason: 'busy' });
      chunks.push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => {
      const [only] = chunks;
      end({ ok: true, bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    request.once('error', () => end({ ok: false, reason: 'gone' }));
    request.once('close', () => end({ ok: false, reason: 'gone' }));
  };
}
