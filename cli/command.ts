import type { Command as Commander } from 'commander';
import type { Exit } from './exit-codes.ts';
import type { Io } from './io.ts';

/** What a command is run with: the world, its operands, its options as commander read them. */
export interface Invocation<Options> {
  io: Io;
  operands: string[];
  options: Options;
  /** What stood after `--`, where the command takes that as a command line of its own. */
  commandLine?: string[];
}

/**
 * One command. Its file is imported at every start, so it imports nothing heavy itself: what the work needs is
 * imported by `run`.
 */
export interface Command {
  /** Equals the name of the command's file: the words of the command, joined by a hyphen where it is in a group. */
  id: string;
  /** The word before its own: in the group `policy`, the file `policy-check.ts` is `catalogue policy check`. */
  group?: CommandGroup;
  summary: string;
  /** A full command line, shown in the help. */
  example: string;
  /** Whether what follows `--` is a command line to be run, and not more operands. */
  takesCommandLine?: boolean;
  /** Declares operands and options. */
  configure(command: Commander): void;
  run(invocation: Invocation<Record<string, unknown>>): Promise<Exit>;
}

/** Words that stand before several commands, and what the help says of them. */
export const COMMAND_GROUPS = {
  approvals: 'Answer the calls that wait for a person behind the gateway.',
  grants: 'Say who may speak to a gateway over HTTP.',
  policy: 'Check, try out and compare policies.',
} as const;
export type CommandGroup = keyof typeof COMMAND_GROUPS;

/** What a user types after `catalogue`: `['policy', 'check']`. */
export function commandWords({ id, group }: Pick<Command, 'id' | 'group'>): string[] {
  return group === undefined ? [id] : [group, id.slice(group.length + 1)];
}

/** Ties a command's options to the type that its `run` reads them as. */
export function defineCommand<Options>(
  command: Omit<Command, 'run'> & { run(invocation: Invocation<Options>): Promise<Exit> },
): Command {
  return command as Command;
}
