import { visible } from '../site/visible.ts';

/**
 * A server's words as Markdown code, where nothing in them is read as Markdown, HTML, a link or a mention: hidden
 * characters are shown by their code points, white space is one blank, and a long text is cut. It also stands in a
 * table, where only a pipe or a backslash could end the cell.
 */
export function codeSpan(text: string, maxChars: number): string {
  const shown = visible(text.replaceAll(/\s+/g, ' ').trim()).replaceAll(/[|\\]/g, codePoint);
  const cut = shown.length <= maxChars ? shown : `${shown.slice(0, maxChars - 1).trimEnd()}…`;
  const fence = '`'.repeat(1 + Math.max(0, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = cut === '' || cut.startsWith('`') || cut.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${cut}${pad}${fence}`;
}

/** A table; the cells are Markdown already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(header) + line(header.map(() => '---')) + rows.map(line).join('');
}

/** Replaces what stands between two markers of a file. Throws when they are not there. */
export function replaceBetween(text: string, markers: { start: string; end: string }, inner: string): string {
  const start = text.indexOf(markers.start);
  const end = text.indexOf(markers.end, start);
  if (start < 0 || end < 0) throw new Error(`The markers ${markers.start} and ${markers.end} are missing.`);
  return `${text.slice(0, start + markers.start.length)}\n${inner}${text.slice(end)}`;
}

function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
