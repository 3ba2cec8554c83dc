/** SHA-256 of a text in lower-case hex; undefined where the browser has none, which it keeps for https and localhost. */
export function sha256(): ((text: string) => Promise<string>) | undefined {
  // Missing on a page from plain http, whatever the types say.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return undefined;
  return async (text) => {
    const bytes = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
}
