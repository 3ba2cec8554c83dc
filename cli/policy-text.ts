import type { PolicyChange } from '../policy/compare.ts';
import type { PolicyDocument } from '../policy/contract.ts';
import type { PolicyFault } from '../policy/parse.ts';
import { visible } from '../site/visible.ts';
import { count, shownName } from '../site/words.ts';
import { table, wrap } from './terminal.ts';

/** One call of `catalogue policy test`, as it was decided. */
export interface DecidedCall {
  line: number;
  tool: string;
  decision: string;
  rule: string | null;
  message: string | null;
  expected: string | null;
}

const MAX_NAME_CHARS = 40;

/** Decisions as a table; where that is wider than the terminal, rule and message stand below each call. */
export function decisionsText(calls: readonly DecidedCall[], columns: number): string {
  if (calls.length === 0) return '';
  const rows = calls.map(({ line, tool, decision, rule, message, expected }) => ({
    head: [
      line,
      expected === null || expected === decision ? decision : `${decision}, not ${expected}`,
      shownName(tool, MAX_NAME_CHARS),
    ],
    rule: visible(rule ?? ''),
    message: visible(message ?? ''),
  }));
  const wide = table(
    ['Line', 'Decision', 'Tool', 'Rule', 'Message'],
    rows.map(({ head, rule, message }) => [...head, rule, message]),
  );
  if (wide.split('\n').every((line) => line.length <= columns)) return wide;
  const [header = '', ...lines] = table(
    ['Line', 'Decision', 'Tool'],
    rows.map(({ head }) => head),
  ).split('\n');
  const indent = ' '.repeat(header.indexOf('Decision'));
  const below = ({ rule, message }: (typeof rows)[number]) =>
    rule === '' ? '' : `${indent}${rule}\n${wrap(message, columns, indent)}`;
  return `${header}\n${rows.map((row, index) => `${lines[index]}\n${below(row)}`).join('')}`;
}

const DIRECTIONS = ['looser', 'changed', 'stricter'] as const;

/** Changes of a policy, what may let more through first, each change of a tool on a line of its own. */
export function changesText(changes: readonly PolicyChange[], columns: number): string {
  const indent = ' '.repeat('stricter'.length + 2);
  const parts = (text: string) =>
    columns === Number.POSITIVE_INFINITY ? text : wrapped(text, columns, indent);
  return DIRECTIONS.flatMap((direction) => changes.filter((change) => change.direction === direction))
    .map(({ tool, direction, changes: [first = '', ...others] }) => {
      const name = tool === undefined ? '(any other)' : shownName(tool);
      const lines = [`${name}: ${visible(first)}`, ...others.map((each) => visible(each))].map(parts);
      return `${direction.padEnd(indent.length)}${lines.join(`\n${indent}`)}\n`;
    })
    .join('');
}

/** How many tools became looser, how many stricter. */
export function directionsText(changes: readonly PolicyChange[]): string {
  return DIRECTIONS.map(
    (direction) => `${changes.filter((change) => change.direction === direction).length} ${direction}`,
  ).join(', ');
}

/** What `catalogue policy check` ends with for a document that can be used. */
export function verdictText(
  file: string,
  { tools, default: fallback }: PolicyDocument,
  unfilled: readonly PolicyFault[],
): string {
  const named = `it names ${count(Object.keys(tools ?? {}).length, 'tool')}; any other tool is ${fallback === 'deny' ? 'denied' : 'allowed'}`;
  const missing =
    unfilled.length === 0
      ? ''
      : ` ${count(unfilled.length, 'value')} must be filled in: until then nothing passes there.`;
  return `${file} can be used: ${named}.${missing}\n`;
}

function wrapped(text: string, columns: number, indent: string): string {
  return wrap(text, columns, indent).trim();
}
