import { styleText } from 'node:util';
import type { RiskLevel } from '../classifier/contract.ts';
import type { Output } from './io.ts';

/** Text for a terminal: colours only where a person looks and has not refused them. */

type Style = Parameters<typeof styleText>[0];

/** The same four shapes as on the site, so that risk reads without colour. */
const RISK_SHAPES: Record<RiskLevel, string> = { low: '○', medium: '◐', high: '●', critical: '⬣' };
const RISK_STYLES: Record<RiskLevel, Style> = {
  low: 'green',
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
};

export interface Painter {
  risk(risk: RiskLevel): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** How text is marked on this output. */
export function painter(output: Output, env: Readonly<Record<string, string | undefined>>): Painter {
  const colours = output.isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  return {
    risk: (risk) => paint(RISK_STYLES[risk], `${RISK_SHAPES[risk]} ${risk.padEnd('critical'.length)}`),
    strong: (text) => paint('bold', text),
    faint: (text) => paint('dim', text),
  };
}

/** Lines longer than this are hard to read even where the terminal is wider. */
const MAX_COLUMNS = 100;

/** How many columns a running text takes on this output. */
export function textColumns({ columns }: Output): number {
  return Math.min(columns, MAX_COLUMNS);
}

/** Columns as wide as their widest cell, two spaces apart; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => width(String(line[column] ?? '')))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, isNumeric(rows, column)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Wraps at spaces; a word longer than the width stands alone on its line. */
export function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && width(longer) > columns - indent.length) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].map((each) => `${indent}${each}\n`).join('');
}

function isNumeric(rows: readonly (readonly (string | number)[])[], column: number): boolean {
  return rows.length > 0 && rows.every((row) => typeof row[column] === 'number' || row[column] === '–');
}

function pad(cell: string | number, columns: number, toRight: boolean): string {
  const text = String(cell);
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return toRight ? space + text : text + space;
}

/** Columns that a text takes: East Asian wide characters and emoji take two (Unicode Annex 11, in short). */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
