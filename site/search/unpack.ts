/**
 * The contents of a `.gz` file. Some hosts say that such a file is packed on its way, and a browser then unpacks it
 * itself; its first bytes tell. Rejects where the bytes are not whole.
 */
export async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
