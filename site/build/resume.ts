import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { emptyOutline } from '../outline.ts';
import { type Files, isRoot, type Line, lineText, ROOT, readLines, type ServerLine } from './manifest.ts';
import { sideBySide, type Tree } from './trees.ts';

/** Text that is collected before it is written. */
const CHUNK_CHARS = 1 << 18;

/** The manifest of a tree while a build is at it. */
export interface Target {
  /** Notes that something is about to be written: a server's folder, or a file of the whole catalogue. */
  begin(slug: string): void;
  /** Adds a line as `lineText` writes it; lines come in the order of their slugs. */
  end(line: string): void;
  /** The lines so far. */
  read(): AsyncIterable<Line>;
  /** Writes what is not yet written. It can be called more than once. */
  close(): void;
}

/** Begins the new manifest of a tree. */
export function startTarget(tree: Tree): Target {
  const next = openSync(tree.next, 'w');
  const begun = openSync(tree.begun, 'w');
  let isOpen = true;
  let text = '';
  const flush = () => {
    if (text !== '') writeSync(next, text);
    text = '';
  };
  return {
    begin: (slug) => {
      writeSync(begun, `${slug}\n`);
    },
    end(line) {
      text += line;
      if (text.length > CHUNK_CHARS) flush();
    },
    read() {
      flush();
      return readLines(tree.next);
    },
    close() {
      if (!isOpen) return;
      flush();
      closeSync(next);
      closeSync(begun);
      isOpen = false;
    },
  };
}

/**
 * Takes up what a build left that was broken off: its lines replace those of the manifest before it, and what it had
 * begun and not ended is marked as unknown. Nothing changes where no build was broken off.
 */
export async function takeUp(tree: Tree): Promise<void> {
  if (existsSync(tree.begun)) {
    const unknown = new Set(readFileSync(tree.begun, 'utf8').split('\n').filter(Boolean));
    for await (const { slug } of readLines(tree.next)) unknown.delete(slug);
    const merged = openSync(`${tree.manifest}.new`, 'w');
    for await (const line of doubted(newest(tree), unknown)) writeSync(merged, lineText(line));
    closeSync(merged);
    renameSync(`${tree.manifest}.new`, tree.manifest);
  }
  rmSync(tree.next, { force: true });
  rmSync(tree.begun, { force: true });
}

async function* newest(tree: Tree): AsyncGenerator<Line> {
  for await (const [old, fresh] of sideBySide(readLines(tree.manifest), readLines(tree.next))) {
    const line = fresh ?? old;
    if (line !== undefined) yield line;
  }
}

/** The lines, with those among them and beside them that nothing certain is known of. */
async function* doubted(lines: AsyncIterable<Line>, unknown: ReadonlySet<string>): AsyncGenerator<Line> {
  const [rootFiles, slugs] = [
    [...unknown].filter(isRootFile),
    [...unknown].filter((slug) => !isRootFile(slug)),
  ];
  const marks = slugs.sort().map((slug) => ({ slug }));
  let root: Files = {};
  for await (const [line, mark] of sideBySide(lines, marks)) {
    if (line !== undefined && isRoot(line)) root = line.files;
    else if (mark === undefined && line !== undefined) yield line;
    else if (mark !== undefined) yield unknownLine(mark.slug, line);
  }
  const doubtful = rootFiles.map((mark) => [mark.slice(ROOT.length), 'unknown'] as const);
  yield { slug: ROOT, files: { ...root, ...Object.fromEntries(doubtful) } };
}

/** Files of the whole catalogue are noted one by one, by their paths behind a sign that no slug begins with. */
function isRootFile(mark: string): boolean {
  return mark.startsWith(ROOT);
}

function unknownLine(slug: string, known: Line | undefined): ServerLine {
  const outline = known === undefined || isRoot(known) ? emptyOutline(slug) : known.outline;
  return { slug, revision: '', made: '', related: '', outline, files: {}, unknown: true };
}
