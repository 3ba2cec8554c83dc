/**
 * The lines of a text that comes in pieces, without their ends (`\n` or `\r\n`). Lines end there alone: `node:readline`
 * also ends them at U+2028 and U+2029, which JSON leaves as they are inside a text, and which a server can send.
 */
export async function* readTextLines(
  input: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of input) {
    const lines =
      `${rest}${typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
