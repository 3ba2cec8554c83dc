import type { z } from 'zod';
import { nestedDeeperThan } from '../crawler/definition.ts';
import { usageError } from '../crawler/fault.ts';
import { isObject } from '../crawler/json.ts';
import { DUMP_FORMAT, DUMP_VERSION, DumpEnd, DumpHead, RECORDS, type RecordKind } from './dump-format.ts';
import { MAX_DUMP_DEPTH, MAX_DUMP_LINE_BYTES } from './limits.ts';

/** One record of a dump, checked by itself. What it refers to is not. */
export interface DumpItem<Kind extends RecordKind = RecordKind> {
  /** Of its line, from 1. */
  number: number;
  kind: Kind;
  record: z.infer<(typeof RECORDS)[Kind]>;
  /** The line as it came, for what is stored exactly so. */
  raw: Readonly<Record<string, unknown>>;
  /** Characters of the line. */
  size: number;
}

/** What was read of a dump. */
export interface DumpReader {
  /** How many records the heading promises. */
  records: number;
  items: AsyncIterable<DumpItem>;
}

/**
 * Reads a dump. `name` is what messages call it. Throws a usage error, which names the line, where it is no dump, was
 * cut or holds anything that a dump does not.
 */
export async function readDump(input: AsyncIterable<Uint8Array>, name: string): Promise<DumpReader> {
  const lines = linesOf(input, name);
  const first = await lines.next();
  if (first.done) throw usageError(`${name} is empty: it is not a dump of a catalogue.`);
  const { records } = readHead(first.value, name);
  return { records, items: itemsOf(lines, records, name) };
}

/** A usage error about one line of a dump. */
export function lineError(name: string, number: number, what: string): Error {
  return usageError(`${name}, line ${number}: ${what}. Nothing of it was imported.`);
}

function cutInLine(name: string, number: number): Error {
  return usageError(
    `${name} is cut: it ends in the middle of line ${number}. Nothing of it was imported. Copy it again.`,
  );
}

function readHead(line: Line, name: string): z.infer<typeof DumpHead> {
  const notOurs = () =>
    usageError(`${name} is not a dump of a catalogue: its first line is not the heading of one.`);
  let json: unknown;
  try {
    json = JSON.parse(line.text);
  } catch {
    throw notOurs();
  }
  if (!isObject(json) || json.kind !== 'dump' || json.format !== DUMP_FORMAT) throw notOurs();
  if (typeof json.version === 'number' && json.version > DUMP_VERSION) {
    throw usageError(
      `${name} was written by a newer program: its format has version ${json.version}, and this program reads ` +
        `version ${DUMP_VERSION}. Update this program.`,
    );
  }
  const head = DumpHead.safeParse(json);
  if (!head.success) throw lineError(name, line.number, faultOf(head.error));
  return head.data;
}

async function* itemsOf(
  lines: AsyncGenerator<Line>,
  records: number,
  name: string,
): AsyncGenerator<DumpItem> {
  let count = 0;
  let ended = false;
  for await (const line of lines) {
    if (ended) throw lineError(name, line.number, 'stands after the end of the dump');
    const json = readLine(line, name);
    if (json.kind !== 'end') {
      count++;
      yield itemOf(json, line, name);
      continue;
    }
    const end = DumpEnd.safeParse(json);
    if (!end.success) throw lineError(name, line.number, faultOf(end.error));
    if (end.data.records !== count || records !== count) {
      const promised = end.data.records === count ? records : end.data.records;
      throw lineError(
        name,
        line.number,
        `there are ${count} records before it, where ${promised} were written`,
      );
    }
    ended = true;
  }
  if (!ended) {
    throw usageError(
      `${name} is cut: it ends after ${count} of ${records} records. Nothing of it was imported. Copy it again.`,
    );
  }
}

function readLine(line: Line, name: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(line.text);
  } catch (error) {
    if (line.isUnfinished) throw cutInLine(name, line.number);
    throw lineError(name, line.number, `it is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(json)) throw lineError(name, line.number, 'it is not a JSON object');
  if (nestedDeeperThan(json, MAX_DUMP_DEPTH)) {
    throw lineError(name, line.number, `it is nested deeper than ${MAX_DUMP_DEPTH} levels`);
  }
  return json;
}

function itemOf(raw: Record<string, unknown>, { number, text }: Line, name: string): DumpItem {
  const { kind } = raw;
  if (!isKind(kind)) {
    const found = typeof kind === 'string' ? `'${kind.slice(0, 40)}'` : JSON.stringify(kind)?.slice(0, 40);
    throw lineError(name, number, `its kind is ${found}, which no dump has`);
  }
  const read = RECORDS[kind].safeParse(raw);
  if (!read.success) throw lineError(name, number, `the ${kind} cannot be read: ${faultOf(read.error)}`);
  return { number, kind, record: read.data, raw, size: text.length };
}

function isKind(kind: unknown): kind is RecordKind {
  return typeof kind === 'string' && Object.hasOwn(RECORDS, kind);
}

/** The first thing that is wrong, with its place. */
function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  return place === '' ? (issue?.message ?? 'it is malformed') : `${place}: ${issue?.message}`;
}

interface Line {
  /** From 1. */
  number: number;
  text: string;
  /** No line end came after it: the last line of a file that was cut, or that somebody edited. */
  isUnfinished: boolean;
}

const NEWLINE = 0x0a;

/** Lines of UTF-8. Memory holds one line, and no more of it than is allowed. */
async function* linesOf(input: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  let pieces: Uint8Array[] = [];
  let pending = 0;
  const take = (piece: Uint8Array) => {
    pending += piece.length;
    if (pending > MAX_DUMP_LINE_BYTES) {
      throw lineError(name, number, `it is longer than ${MAX_DUMP_LINE_BYTES / 1024 / 1024} MiB`);
    }
    pieces.push(piece);
  };
  const finish = (isUnfinished: boolean): Line => {
    try {
      const line = { number, text: decoder.decode(Buffer.concat(pieces)), isUnfinished };
      number++;
      pieces = [];
      pending = 0;
      return line;
    } catch {
      throw isUnfinished ? cutInLine(name, number) : lineError(name, number, 'it is not UTF-8');
    }
  };
  for await (const chunk of input) {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      take(rest.subarray(0, end));
      yield finish(false);
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) take(rest);
  }
  if (pending > 0) yield finish(true);
}
