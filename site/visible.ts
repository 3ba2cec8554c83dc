/**
 * Characters that are not seen, or that change how others are seen: controls, halves of surrogate pairs, everything
 * that Unicode lets a renderer ignore (zero width, bidi controls, tags, fillers, variation selectors), line and
 * paragraph separators, the blank Braille cell and the interlinear marks.
 */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/u;

/** The same, without the two that make up an emoji: the emoji selector after one, the joiner between two. */
const HIDDEN_EACH =
  /(?<!\p{Emoji})\ufe0f|(?<!\p{Extended_Pictographic}\ufe0f?)\u200d|\u200d(?!\p{Extended_Pictographic})|(?![\u200d\ufe0f])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/gu;

/** Newline and tab stay as they are in a text of several lines; in a name they are as hidden as any control. */
export interface VisibleOptions {
  lines?: boolean;
}

/**
 * The text with every hidden character replaced by its code point, such as `[U+202E]`, so that what a server sent
 * can be neither unseen nor rearranged on a page or in a terminal. It does not escape HTML.
 */
export function visible(text: string, { lines = false }: VisibleOptions = {}): string {
  if (!HIDDEN.test(text)) return text;
  const source = lines ? text.replaceAll('\r\n', '\n') : text;
  return source.replaceAll(HIDDEN_EACH, (character) =>
    lines && (character === '\n' || character === '\t') ? character : codePoint(character),
  );
}

/** JSON text with every hidden character written as JSON escapes: it means the same and can be seen and pasted. */
export function visibleJson(json: string): string {
  if (!HIDDEN.test(json)) return json;
  return json.replaceAll(HIDDEN_EACH, (character) =>
    character === '\n' ? character : character.split('').map(jsonEscape).join(''),
  );
}

function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

function jsonEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
