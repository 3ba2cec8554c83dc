import { visible } from '../site/visible.ts';
import { cut, shownName } from '../site/words.ts';
import type { Output } from './io.ts';

/** How tables are made to fit where a person looks at them. Where a program reads them nothing depends on a width. */

/** Characters of a name in a cell that has all the room it may want. */
const MAX_CELL = 60;

/** Fewer say nothing. */
const MIN_CELL = 10;

/** Columns to write in; without end where the output is no terminal. */
export function room({ isTerminal, columns }: Pick<Output, 'isTerminal' | 'columns'>): number {
  return isTerminal ? columns : Number.POSITIVE_INFINITY;
}

/** How many characters a cell may have where there is room for so many. */
export function cellWidth(left: number): number {
  return Math.max(MIN_CELL, Math.min(MAX_CELL, Math.floor(left)));
}

/** A name that a server or a policy gave, in at most so many characters. */
export function nameCell(name: string, max: number): string {
  const shown = shownName(name, max);
  return shown.length <= max ? shown : shownName(name, max - 1);
}

/** A rule of a tool that stands beside it. Where it is too long, what all rules of the tool begin with is left out first. */
export function ruleCell(rule: string, max: number): string {
  const text = visible(rule);
  if (text.length <= max) return text;
  const [, , , ...rest] = rule.startsWith('/tools/') ? text.split('/') : [];
  const short = rest.length > 0 ? `…/${rest.join('/')}` : text;
  return short.length <= max ? short : cut(short, max - 1);
}
