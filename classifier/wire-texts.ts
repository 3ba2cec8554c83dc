import { MAX_ATTACK_CHARS, MAX_WIRE_DEPTH, MAX_WIRE_TEXTS } from './limits.ts';
import { clip } from './text.ts';

/** A text somewhere in the wire form: the value of a string, or the key of anything else. */
export interface WireText {
  /** As sent, up to the length that is read. */
  text: string;
  isKey: boolean;
  pointer: string;
  /** What the test says of it. */
  marks: number;
}

/** Where something stands, spelled out only when it is asked for. */
interface Place {
  parent: Place | undefined;
  token: string | number;
}

/** What every object of a schema has; nobody hides anything in these. */
const SCHEMA_KEYS = new Set(
  'name title description inputSchema outputSchema annotations type properties required items enum default anyOf format minimum maximum additionalProperties $schema $ref $defs'.split(
    ' ',
  ),
);

/**
 * Every text of a tool's wire form of which a test says anything but 0, keys too, in the order in which they were sent. The test sees
 * each text before its pointer is worked out, so that looking through a definition that has nothing costs little.
 */
export function findTexts(wire: object, marksOf: (text: string) => number): WireText[] {
  const found: WireText[] = [];
  let left = MAX_WIRE_TEXTS;
  look(wire, undefined, 0);
  return found;

  function look(value: object, place: Place | undefined, depth: number): void {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length && left > 0; index++) meet(value[index], place, index, depth);
      return;
    }
    for (const [token, inner] of Object.entries(value)) {
      if (left <= 0) return;
      // Evidence at a string must quote the string, so that the key of one cannot be quoted.
      if (typeof inner !== 'string' && !SCHEMA_KEYS.has(token)) test(token, true, place, token);
      meet(inner, place, token, depth);
    }
  }

  function meet(inner: unknown, place: Place | undefined, token: string | number, depth: number): void {
    if (typeof inner === 'string') test(inner, false, place, token);
    else if (typeof inner === 'object' && inner !== null && depth < MAX_WIRE_DEPTH) {
      look(inner, { parent: place, token }, depth + 1);
    }
  }

  function test(sent: string, isKey: boolean, parent: Place | undefined, token: string | number): void {
    left--;
    // A key is quoted whole or not at all.
    const text = isKey ? sent : clip(sent, MAX_ATTACK_CHARS);
    const marks = marksOf(text);
    if (marks !== 0) found.push({ text, isKey, pointer: pointerOf({ parent, token }), marks });
  }
}

function pointerOf(place: Place): string {
  let pointer = '';
  for (let at: Place | undefined = place; at; at = at.parent) {
    pointer = `/${String(at.token).replaceAll('~', '~0').replaceAll('/', '~1')}${pointer}`;
  }
  return pointer;
}
