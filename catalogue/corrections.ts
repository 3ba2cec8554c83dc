import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, isPair, LineCounter, parseDocument } from 'yaml';
import type { Classification } from '../classifier/contract.ts';
import {
  applyCorrection,
  type CorrectionEntry,
  collide,
  type NamedServer,
  namesServer,
  parseCorrections,
} from '../classifier/corrections.ts';
import { usageError } from '../crawler/fault.ts';
import { errorText } from '../crawler/text.ts';
import { compareText } from '../policy/order.ts';
import type { CatalogueView, ServerView } from './contract.ts';
import { MAX_CORRECTION_FAULTS, MAX_CORRECTIONS_BYTES } from './limits.ts';

/** A correction, and where it was written. */
export interface LocatedCorrection {
  entry: CorrectionEntry;
  file: string;
  /** From 1. */
  line: number;
}

/** Where corrections are kept. One that somebody named must be there; the usual one need not. */
export interface CorrectionsFolder {
  path: string;
  required: boolean;
}

interface Fault {
  file: string;
  line?: number;
  message: string;
}

/**
 * Reads every `*.yaml` and `*.yml` of the folder, in the order of their names. Throws a usage error that names each
 * fault with its file and line; then no correction counts, not even those that could be read.
 */
export async function readCorrections(folder: CorrectionsFolder): Promise<LocatedCorrection[]> {
  return parseFiles(folder, await readFiles(folder));
}

/**
 * Reads the folder again and again, as `readCorrections` does; what is written in it is taken apart anew only where it
 * is another text than before, because a thousand corrections take 0.15 s.
 */
export function correctionsReader(folder: CorrectionsFolder): () => Promise<LocatedCorrection[]> {
  let last: { text: string; corrections: LocatedCorrection[] } | undefined;
  return async () => {
    const files = await readFiles(folder);
    const text = JSON.stringify(files);
    if (last?.text !== text) last = { text, corrections: parseFiles(folder, files) };
    return last.corrections;
  };
}

interface CorrectionsFile {
  file: string;
  text: string;
}

async function readFiles(folder: CorrectionsFolder): Promise<CorrectionsFile[]> {
  const files: CorrectionsFile[] = [];
  for (const file of await listFiles(folder)) {
    files.push({ file, text: await textOf(join(folder.path, file)) });
  }
  return files;
}

function parseFiles(folder: CorrectionsFolder, files: readonly CorrectionsFile[]): LocatedCorrection[] {
  const read = files.map(({ file, text }) => readOne(file, text));
  const corrections = read.flatMap((one) => one.corrections);
  const faults = [...read.flatMap((one) => one.faults), ...findDuplicates(corrections)];
  if (faults.length > 0) throw refusal(folder.path, faults);
  return corrections;
}

async function listFiles({ path, required }: CorrectionsFolder): Promise<string[]> {
  try {
    const names = await readdir(path);
    return names.filter((name) => /^[^.].*\.ya?ml$/i.test(name)).toSorted(compareText);
  } catch (error) {
    if (!required && codeOf(error) === 'ENOENT') return [];
    throw usageError(`The folder of corrections ${path} cannot be read: ${errorText(error)}.`);
  }
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw usageError(`The corrections in ${path} cannot be read: ${errorText(error)}.`);
  });
  if (bytes.length > MAX_CORRECTIONS_BYTES) {
    throw usageError(`The file ${path} is larger than ${MAX_CORRECTIONS_BYTES} bytes. Split it.`);
  }
  return bytes.toString('utf8');
}

function readOne(file: string, text: string): { corrections: LocatedCorrection[]; faults: Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const faults = broken.map(({ message, pos: [at] }) => {
      const [first = ''] = message.replace(/ at line \d+, column \d+:?/, '').split('\n');
      return { file, line: lines.linePos(at).line, message: `is not YAML: ${first}` };
    });
    return { corrections: [], faults };
  }
  const content = contentOf(document);
  if (content instanceof Error) {
    return { corrections: [], faults: [{ file, message: `is not YAML: ${content.message}` }] };
  }
  const lineAt = (path: readonly (string | number)[]) => lines.linePos(offsetOf(document, path)).line;
  const { entries, faults } = parseCorrections(content);
  return {
    corrections: entries.map((entry, index) => ({ entry, file, line: lineAt([index]) })),
    faults: faults.map(({ path, message }) => {
      const place = path.length === 0 ? 'the document' : pointerOf(path);
      return { file, line: lineAt(path), message: `${place} ${message}` };
    }),
  };
}

/** A JSON pointer for a message: a key may have been pasted, with whatever is hidden in it. */
function pointerOf(path: readonly (string | number)[]): string {
  const pointer = path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return pointer.replaceAll(
    /\p{C}/gu,
    (hidden) => `[U+${hidden.codePointAt(0)?.toString(16).toUpperCase()}]`,
  );
}

/** Aliases may unfold without end, which the library refuses by throwing. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return new Error(errorText(error));
  }
}

/** Where the innermost node of a path begins; a key that is missing is looked for where it should stand. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1];
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const items = typeof parent === 'object' && parent !== null && 'items' in parent ? parent.items : [];
    const own = Array.isArray(items)
      ? items.find((item) => isPair(item) && String(item.key) === String(key))
      : undefined;
    const node: unknown = isPair(own) ? own.key : document.getIn(path.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return 0;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function findDuplicates(corrections: readonly LocatedCorrection[]): Fault[] {
  const byName = Map.groupBy(corrections, ({ entry }) => JSON.stringify([entry.server, entry.tool]));
  return [...byName.values()].flatMap((same) =>
    same.flatMap(({ entry, file, line }, index) => {
      const first = same.slice(0, index).find((earlier) => collide(earlier.entry, entry));
      if (first === undefined) return [];
      return { file, line, message: `corrects the same tool as ${placeOf(first)}: keep one of them` };
    }),
  );
}

function placeOf({ file, line }: { file: string; line?: number }): string {
  return line === undefined ? file : `${file} line ${line}`;
}

function refusal(folder: string, faults: readonly Fault[]) {
  const shown = faults
    .slice(0, MAX_CORRECTION_FAULTS)
    .map((fault) => `\n  ${placeOf(fault)}: ${fault.message}`);
  const more = faults.length - shown.length;
  const rest = more > 0 ? `\n  and ${more} more` : '';
  return usageError(
    `The corrections in ${folder} cannot be used, so none of them is:${shown.join('')}${rest}`,
  );
}

/** Corrects verdicts on the tools of one server. */
export type Corrector = (tool: string, classification: Classification) => Classification;

/**
 * What the corrections make of a server's verdicts: each is given back as it is unless an entry is about it.
 * The corrector throws a usage error where two entries, one by id and one by slug, are about the same tool.
 */
export function correctorFor(corrections: readonly LocatedCorrection[], server: NamedServer): Corrector {
  const own = corrections.filter(({ entry }) => namesServer(entry, server));
  const byTool = Map.groupBy(own, ({ entry }) => entry.tool);
  return (tool, classification) => {
    const [found, other] = (byTool.get(tool) ?? []).filter(({ entry }) =>
      classification.toolHash.startsWith(entry.hash),
    );
    if (found === undefined) return classification;
    if (other !== undefined) {
      throw usageError(
        `The corrections at ${placeOf(found)} and at ${placeOf(other)} are about the same tool: keep one of them.`,
      );
    }
    return applyCorrection(classification, found.entry);
  };
}

/** The view with every correction that holds. */
export function correctView(view: CatalogueView, corrections: readonly LocatedCorrection[]): CatalogueView {
  if (corrections.length === 0) return view;
  return { ...view, servers: view.servers.map((server) => correctServer(server, corrections)) };
}

/** The server with every correction that holds. */
export function correctServer(server: ServerView, corrections: readonly LocatedCorrection[]): ServerView {
  const correct = correctorFor(corrections, server);
  const tools = server.tools.map((tool) => ({
    ...tool,
    classification: correct(tool.definition.name, tool.classification),
  }));
  return { ...server, tools };
}

/** How a correction stands against what the catalogue knows. */
export type CorrectionState =
  | { status: 'active'; server: ServerView; classification: Classification }
  /** The server lists the tool with another definition; its hashes now. */
  | { status: 'expired'; server: ServerView; hashes: string[] }
  | { status: 'unknown'; what: 'server' | 'tool' };

/** How a correction stands in a view that has been corrected. */
export function stateOf({ entry }: LocatedCorrection, view: CatalogueView): CorrectionState {
  const server = view.servers.find((candidate) => namesServer(entry, candidate));
  if (server === undefined) return { status: 'unknown', what: 'server' };
  const named = server.tools.filter(({ definition }) => definition.name === entry.tool);
  const match = named.find(({ definition }) => definition.hash.startsWith(entry.hash));
  if (match !== undefined) return { status: 'active', server, classification: match.classification };
  if (named.length === 0) return { status: 'unknown', what: 'tool' };
  return { status: 'expired', server, hashes: named.map(({ definition }) => definition.hash) };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
