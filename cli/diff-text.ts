import type {
  DefinitionDiff,
  ListStep,
  SchemaChange,
  ServerDiff,
  TextDiff,
  ToolChange,
  ToolVerdict,
} from '../catalogue/contract.ts';
import { signalById } from '../classifier/classify.ts';
import { visible } from '../site/visible.ts';
import { count, kindOf, minute, shownName } from '../site/words.ts';
import type { Io } from './io.ts';
import { type Painter, painter, textColumns, wrap } from './terminal.ts';

/** Changes of tools as a person reads them in a terminal. Every word of a server's own is made visible first. */

const MAX_NAME_CHARS = 56;
const HASH_CHARS = 12;
const INDENT = ' '.repeat(4);

/** What is different between two lists of a server. */
export function diffText(
  { server, step, since, changes }: ServerDiff,
  io: Pick<Io, 'stdout' | 'env'>,
): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const head = `${paint.strong(visible(server.label))}\n`;
  if (step === undefined) return `${head}\nIts tools have never been listed.\n`;
  const { before, after } = step;
  const compared =
    before === undefined
      ? wrap(`It has had one list, of ${listWords(after)}.`, columns, '')
      : wrap(`The list of ${listWords(after)}, beside that of ${listWords(before)}.`, columns, '');
  const judged = changes.some(({ kind }) => kind === 're-judged') && since !== undefined;
  return [
    head,
    compared,
    ...(judged ? [wrap(`Verdicts since ${minute(since)}.`, columns, '')] : []),
    contextText(step, columns),
    '\n',
    ...changes.map((change) => changeText(change, paint, columns)),
    totalsText(changes),
  ].join('');
}

/** `2 changed, 1 vanished; 1 flagged`. */
function totalsText(changes: readonly ToolChange[]): string {
  if (changes.length === 0) return 'Nothing has changed.\n';
  const kinds = ['changed', 'returned', 'appeared', 'vanished', 're-judged'] as const;
  const counts = kinds
    .map((kind) => ({ kind, n: changes.filter((change) => change.kind === kind).length }))
    .filter(({ n }) => n > 0)
    .map(({ kind, n }) => `${n} ${kind}`);
  const flagged = changes.filter(({ raises }) => raises).length;
  return `${counts.join(', ')}${flagged > 0 ? `; ${flagged} flagged (!)` : ''}\n`;
}

/** `2026-01-02 03:04 UTC (scan 7, cut short)`. */
export function listWords({ observedAt, scan, status, provenance }: ListStep['after']): string {
  const marks = [
    `scan ${scan}`,
    ...(status === 'partial' ? ['cut short'] : []),
    ...(provenance === 'declared' ? ['declared'] : []),
  ];
  return `${minute(observedAt)} (${marks.join(', ')})`;
}

/** That the server was run differently, where it was. */
export function contextText({ context }: ListStep, columns: number): string {
  if (context === undefined) return '';
  const { before, after } = context;
  const parts = [
    { what: 'arguments', was: before.args, is: after.args },
    { what: 'variables', was: before.envNames, is: after.envNames },
  ].filter(({ was, is }) => JSON.stringify(was) !== JSON.stringify(is));
  const words = (list: readonly string[]) =>
    list.length === 0 ? 'none' : list.map((word) => visible(word)).join(' ');
  return [
    wrap('It was run differently, which alone can change its tools:', columns, ''),
    ...parts.map(({ what, was, is }) => wrap(`${what}: ${words(was)}, now ${words(is)}`, columns, '  ')),
  ].join('');
}

/** One change: what happened to which tool, why it is flagged, and what became of the definition. */
export function changeText(change: ToolChange, paint: Painter, columns: number): string {
  const { kind, name, sameName, raises, reasons, remarks, definition, before, after } = change;
  const mark = raises ? '!' : ' ';
  const several = sameName === undefined ? '' : `  (one of ${sameName} with this name)`;
  const shown = paint.strong(shownName(name, MAX_NAME_CHARS));
  return [
    `${mark} ${kind.padEnd('re-judged'.length)}  ${shown}${several}\n`,
    ...verdictLines(change, columns),
    ...reasons.map((reason) => paint.strong(wrap(`! ${reason}`, columns, INDENT))),
    ...remarks.map((remark) => wrap(`(${remark})`, columns, INDENT)),
    ...(kind === 're-judged'
      ? []
      : [paint.faint(`${INDENT}definition ${hashWords(before?.hash, after?.hash)}\n`)]),
    ...(definition === undefined ? [] : [definitionText(definition, columns, INDENT)]),
  ].join('');
}

function hashWords(before: string | undefined, after: string | undefined): string {
  const [was, is] = [before?.slice(0, HASH_CHARS), after?.slice(0, HASH_CHARS)];
  if (was === undefined || is === undefined || was === is) return is ?? was ?? '';
  return `${was} → ${is}`;
}

function verdictLines({ kind, before, after }: ToolChange, columns: number): string[] {
  const [was, is] = [before?.verdict, after?.verdict];
  const lines: string[] = [];
  const [from, to] = [was && verdictWords(was), is && verdictWords(is)];
  if (from !== undefined && to !== undefined && from !== to) lines.push(`${from} → ${to}`);
  else if (from !== undefined || to !== undefined) lines.push(to ?? from ?? '');
  if (kind === 're-judged' && was && is) lines.push(`by ${judgeWords(was)} → ${judgeWords(is)}`);
  if (was && is) lines.push(...signalWords(was, is));
  return lines.map((line) => wrap(line, columns, INDENT));
}

/** `medium risk, Write, destructive`. */
function verdictWords(verdict: ToolVerdict): string {
  return `${verdict.risk} risk, ${kindOf(verdict)}`;
}

/** Two sets of signals can have one version; the beginning of their hash tells them apart. */
function judgeWords({ reviewer, classifierVersion, signalSetHash }: ToolVerdict): string {
  return `${visible(reviewer)} ${visible(classifierVersion)} (${signalSetHash.slice(0, 8)})`;
}

function signalWords(before: ToolVerdict, after: ToolVerdict): string[] {
  const label = (id: string) => signalById(id)?.label ?? visible(id);
  const fresh = after.signals.filter((id) => !before.signals.includes(id)).map(label);
  const gone = before.signals.filter((id) => !after.signals.includes(id)).map(label);
  return [
    ...(fresh.length > 0 ? [`signals that came: ${fresh.join(' · ')}`] : []),
    ...(gone.length > 0 ? [`signals that went: ${gone.join(' · ')}`] : []),
  ];
}

/** What became of a definition. */
export function definitionText(diff: DefinitionDiff, columns: number, indent: string): string {
  const { title, description, schema, moreSchemaChanges, other } = diff;
  const inside = `${indent}  `;
  const schemas = (['input', 'output'] as const).flatMap((which) => {
    const own = schema.filter((change) => change.schema === which);
    if (own.length === 0) return [];
    const heading = which === 'input' ? 'parameters' : 'output schema';
    return [`${indent}${heading}\n`, ...own.map((change) => schemaText(change, columns, inside))];
  });
  return [
    ...(title === undefined ? [] : [`${indent}title\n`, piecesText(title, columns, inside)]),
    ...(description === undefined
      ? []
      : [`${indent}description\n`, piecesText(description, columns, inside)]),
    ...schemas,
    ...(moreSchemaChanges > 0 ? [`${inside}and ${count(moreSchemaChanges, 'more difference')}\n`] : []),
    ...other.map(({ key, before, after }) =>
      wrap(`${nameText(key)}: ${valueWords(before, after)}`, columns, indent),
    ),
  ].join('');
}

function schemaText(change: SchemaChange, columns: number, indent: string): string {
  const name = change.path === '' ? '(the schema itself)' : nameText(change.path);
  const line = (text: string) => wrap(text, columns, indent);
  switch (change.change) {
    case 'added':
    case 'removed': {
      const sign = change.change === 'added' ? '+' : '-';
      const { description } = change;
      return [
        line(`${sign} ${name}: ${visible(change.type)}${change.required ? ', required' : ''}`),
        ...(description ? [wrap(visible(description), columns, `${indent}    │ `)] : []),
      ].join('');
    }
    case 'type':
      return line(`~ ${name}: was ${visible(change.before)}, now ${visible(change.after)}`);
    case 'required':
      return line(`~ ${name} is required now`);
    case 'optional':
      return line(`~ ${name} is no longer required`);
    case 'description':
      return line(`~ ${name}: description`) + piecesText(change.text, columns, `${indent}    `);
    case 'choices': {
      const [fresh, gone] = [change.added, change.removed].map((values) =>
        values.map((value) => visible(value)).join(', '),
      );
      const parts = [fresh && `now also ${fresh}`, gone && `no longer ${gone}`].filter(Boolean);
      return line(`~ ${name}: ${parts.join('; ')}`);
    }
    case 'other':
      return line(`~ ${name}: ${nameText(change.key)} ${valueWords(change.before, change.after)}`);
  }
}

function valueWords(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `is ${visible(after ?? '')} now`;
  return after === undefined
    ? `was ${visible(before)}, now nothing`
    : `was ${visible(before)}, now ${visible(after)}`;
}

const MAX_PATH_CHARS = 120;

function nameText(name: string): string {
  return shownName(name, MAX_PATH_CHARS);
}

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

/** Pieces of a text one under the other, each line with its sign before it. */
function piecesText({ by, parts }: TextDiff, columns: number, indent: string): string {
  const lines = parts.flatMap((part) => {
    const sign = SIGNS[part.kind === 'omitted' ? part.of : part.kind];
    const prefix = `${indent}${sign} `;
    if (part.kind === 'omitted') return `${prefix}… ${count(part.chars, 'character')} more …\n`;
    return textLines(part.text, part.kind === 'same').map((text) => wrap(text.trim(), columns, prefix));
  });
  const remark = by === 'whole' ? `${indent}(too different to be compared word by word)\n` : '';
  return remark + lines.join('');
}

/** A change of blanks alone would not be seen. */
function textLines(text: string, isSame: boolean): string[] {
  if (isSame)
    return visible(text, { lines: true })
      .split('\n')
      .filter((line) => line.trim() !== '');
  if (/^\s*$/.test(text)) return [blanksText(text)];
  const lines = visible(text, { lines: true }).split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => line.replaceAll(ODD_BLANK, codePoint));
}

/** Blanks that look like a space and are none. */
const ODD_BLANK = /[^\S \t\n]/g;

function blanksText(text: string): string {
  return text
    .slice(0, MAX_PATH_CHARS)
    .replaceAll(' ', '·')
    .replaceAll('\n', '↵')
    .replaceAll('\t', '→')
    .replaceAll(/\s/g, codePoint);
}

function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
