/** A string literal, a comment, or a comma that only white space and comments separate from a closing bracket. */
const TOKEN =
  /"(?:[^"\\]|\\.)*"|\/\/[^\n\r]*|\/\*(?:[^*]|\*(?!\/))*\*\/|,(?=(?:\s|\/\/[^\n\r]*(?=[\n\r])|\/\*(?:[^*]|\*(?!\/))*\*\/)*[}\]])/g;

/**
 * Parses JSON that may have comments, trailing commas and a byte order mark, as client configurations do. Throws a
 * SyntaxError that names the position; what is removed becomes spaces, so that the position is the file's.
 */
export function parseJsonc(text: string): unknown {
  return JSON.parse(plainJson(text));
}

/** The text as plain JSON, with spaces for what is removed, so that every place stays what it was. */
export function plainJson(text: string): string {
  return text.replace(/^\uFEFF/, ' ').replaceAll(TOKEN, (token) => {
    return token.startsWith('"') ? token : token.replaceAll(/[^\n\r]/g, ' ');
  });
}
