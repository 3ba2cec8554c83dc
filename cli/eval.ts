import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { type Judged, judgeLabelled } from '../classifier/accuracy/judged.ts';
import {
  LABEL_FORMATS,
  type LabelFile,
  type LabelFormat,
  labelKey,
  readLabels,
} from '../classifier/accuracy/labels.ts';
import type { JudgedSet } from '../classifier/accuracy/report.ts';
import { usageError } from '../crawler/fault.ts';
import { type DefinitionLine, readDefinitions } from './definitions.ts';
import { openInput } from './input.ts';
import type { Io } from './io.ts';

/** Labels beside definitions: who is judged, and what had to be left out. */
export interface Evaluation {
  sets: JudgedSet[];
  /** In words, each with the file and the line. */
  faults: string[];
}

interface LabelSet extends LabelFile {
  file: string;
  format: LabelFormat;
}

/**
 * Judges the tools of label files by their definitions, which are found by server and tool name. A label without a
 * definition and a line that cannot be read are faults, and the rest is judged. Throws a usage error when a file cannot
 * be opened, holds no label, or when none of its labels has a definition.
 */
export async function evaluate(
  io: Pick<Io, 'cwd' | 'stdin'>,
  files: { labels: readonly string[]; definitions: readonly string[] },
): Promise<Evaluation> {
  const sets: LabelSet[] = [];
  for (const file of files.labels) sets.push(await readLabelSet(io, file));

  const matches = createMatches(sets);
  const definitionFaults: string[] = [];
  for (const file of files.definitions) {
    for await (const line of definitionLines(io, file)) {
      definitionFaults.push(...line.faults.map((fault) => `${file}: line ${line.number}: ${fault}`));
      for (const { server, tool } of line.tools) if (server !== null) matches.offer(server, tool);
    }
  }
  const judged = sets.map((set) => matches.judgedSet(set));
  for (const [index, { judged: found }] of judged.entries()) {
    if (found.length === 0) throw noDefinitions(sets[index], files.definitions);
  }
  return {
    sets: judged,
    faults: [
      ...sets.flatMap(({ file, faults }) =>
        faults.map(({ line, message }) => `${file}: line ${line}: ${message}`),
      ),
      ...sets.flatMap((set) => matches.unmatched(set)),
      ...definitionFaults,
    ],
  };
}

type Definition = Parameters<typeof judgeLabelled>[1];

/** Keeps what is needed of the definitions that go by, so that a large file of them takes no memory. */
function createMatches(sets: readonly LabelSet[]) {
  const wanted = new Set(
    sets.flatMap(({ labels }) => labels.map(({ server, tool }) => labelKey(server, tool))),
  );
  const found = new Map<string, { first: Definition; hashes: Set<string> }>();
  return {
    offer(server: string, definition: Definition): void {
      const key = labelKey(server, definition.name);
      if (!wanted.has(key)) return;
      const known = found.get(key);
      if (known) known.hashes.add(definition.hash);
      else found.set(key, { first: definition, hashes: new Set([definition.hash]) });
    },
    judgedSet({ file, format, labels }: LabelSet): JudgedSet {
      const judged: Judged[] = [];
      let severalDefinitions = 0;
      for (const label of labels) {
        const match = found.get(labelKey(label.server, label.tool));
        if (!match) continue;
        if (match.hashes.size > 1) severalDefinitions++;
        judged.push(judgeLabelled(label, match.first, format));
      }
      return { file: basename(file), format, read: labels.length, judged, severalDefinitions };
    },
    unmatched({ file, labels }: LabelSet): string[] {
      return labels
        .filter(({ server, tool }) => !found.has(labelKey(server, tool)))
        .map(({ line, server, tool }) => `${file}: line ${line}: no definition of ${tool} of ${server}`);
    },
  };
}

async function readLabelSet(io: Pick<Io, 'cwd' | 'stdin'>, file: string): Promise<LabelSet> {
  const read = readLabels(await text(await openInput(io, file)));
  const { format } = read;
  if (format !== undefined) return { ...read, file, format };
  const [first] = read.faults;
  if (first) throw usageError(`${file} holds no label: line ${first.line} ${first.message}.`);
  const known = LABEL_FORMATS.map(({ id }) => id).join(', ');
  throw usageError(`${file} is empty. It should hold one label a line, in one of these formats: ${known}.`);
}

/** The lines of a file of definitions; one whose name ends in `.gz` is unpacked on the way. */
async function* definitionLines(io: Pick<Io, 'cwd' | 'stdin'>, file: string): AsyncGenerator<DefinitionLine> {
  const stream = await openInput(io, file);
  if (!file.endsWith('.gz')) return yield* readDefinitions(stream);
  try {
    yield* readDefinitions(pipeline(stream, createGunzip(), () => {}));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('Z_')) throw error;
    throw usageError(`${file} cannot be unpacked: ${error.message}.`);
  }
}

function noDefinitions(set: LabelSet | undefined, definitions: readonly string[]): Error {
  const example = set?.labels[0];
  return usageError(
    `None of the ${set?.labels.length ?? 0} labels in ${set?.file} has a definition in ${definitions.join(', ')}. ` +
      `They are found by server and tool name, as ${JSON.stringify(example?.server)} and ${JSON.stringify(example?.tool)} in line ${example?.line}.`,
  );
}
