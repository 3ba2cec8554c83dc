/**
 * The stream, read no faster than its reader asks for, and broken off with the error that `take` gives for a chunk.
 */
export function metered(
  body: ReadableStream<Uint8Array>,
  take: (chunk: Uint8Array) => Error | undefined,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        const excess = take(value);
        if (excess === undefined) return controller.enqueue(value);
        reader.cancel(excess).catch(() => {});
        controller.error(excess);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read ahead: what nobody has asked for need not be held.
    { highWaterMark: 0 },
  );
}

/** The start of a body as text, at most `maxBytes` of it; the rest is not read. */
export async function readHead(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}
