import { isRelativePath } from '../command-words.ts';
import { usageError } from '../fault.ts';
import { commandTarget, describeCommand } from '../identity.ts';
import { parseNpxCall } from '../package-spec.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';

const PREFIX = '-- ';

/** A command line that starts a server over stdio, written after two dashes. */
export const source = defineSource({
  id: 'command',
  title: 'Command line',
  summary: 'The server that a literal command line starts, in the current folder.',
  example: '-- node ./server.js --read-only',
  accepts: (ref) => ref.startsWith(PREFIX),
  async *targets(ref, deps) {
    yield commandLineTarget(splitWords(ref.slice(PREFIX.length)), deps);
  },
});

/** The target for a command line given word by word. Throws a usage error when there is no word. */
export function commandLineTarget(
  words: readonly string[],
  deps: Pick<SourceDeps, 'cwd' | 'args' | 'envNames'>,
): SourcedTarget {
  const [command, ...rest] = words;
  if (command === undefined || command === '') {
    throw usageError('There is no command after --: write -- <command> [arguments].');
  }
  const args = [...rest, ...deps.args];
  // A package's server runs in a folder of its own, unless a path says that it looks at this one.
  const placed = !parseNpxCall(command, args) || args.some(isRelativePath);
  const cwd = placed ? deps.cwd : undefined;
  const origin = { source: 'command', ref: PREFIX + describeCommand(command, args) };
  return { target: commandTarget({ command, args, envNames: deps.envNames, cwd }, origin) };
}

/** Splits a line at white space; single and double quotes keep it, and nothing else is special. */
function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}
