import { basename } from 'node:path';
import { z } from 'zod';
import { ServerTarget } from '../contract.ts';
import { isUsageError, usageError } from '../fault.ts';
import { MAX_ENTRY_VALUES, MAX_URL_CHARS } from '../limits.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';
import { lineName, type NumberedLine, numberedLines } from '../source-file.ts';

/** A line in JSON: a reference with what goes with it, or a target as it is stored. */
const Line = z.union([
  z.object({
    ref: z.string().min(1).max(MAX_URL_CHARS),
    args: z.array(z.string()).max(MAX_ENTRY_VALUES).default([]),
    /** Names of variables of our environment. */
    env: z
      .array(z.string().regex(/^[A-Za-z_]\w*$/))
      .max(MAX_ENTRY_VALUES)
      .default([]),
  }),
  z.object({ target: ServerTarget }),
]);

/** A file with a target on each line. */
export const source = defineSource({
  id: 'list',
  title: 'List of targets',
  summary:
    'Every target in a file: one reference a line as `scan` takes it, or JSON such as {"ref":"npm:x","args":[]}.',
  example: './servers.txt',
  async *targets(ref, deps) {
    for await (const line of numberedLines('list', ref, deps)) {
      if (line.text.startsWith('#')) continue;
      try {
        yield* await readLine(line, ref, deps);
      } catch (error) {
        if (!isUsageError(error)) throw error;
        deps.warn(`${lineName(line.number, basename(ref))} was left out: ${error.message}`);
      }
    }
  },
});

async function readLine({ text }: NumberedLine, ref: string, deps: SourceDeps): Promise<SourcedTarget[]> {
  const entry = text.startsWith('{') ? parseLine(text) : { ref: text, args: [], env: [] };
  if ('target' in entry) return [{ target: entry.target }];
  if (entry.ref === ref) throw usageError('It names this list itself.');
  const unset = entry.env.find((name) => deps.environment[name] === undefined);
  if (unset !== undefined) throw usageError(`The variable ${unset} is not set here.`);
  // Imported here, because the list of all sources, which it needs, imports this file.
  const { targetsFor } = await import('../targets.ts');
  return targetsFor(entry.ref, {
    ...deps,
    args: [...entry.args, ...deps.args],
    envNames: [...entry.env, ...deps.envNames],
  });
}

function parseLine(text: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    throw usageError('It is neither {"ref": …, "args": […], "env": […]} nor {"target": …}.');
  }
}
