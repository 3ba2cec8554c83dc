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
  id: string;
  summary: string;
  /** A full command line, shown in the help. */
  example: string;
  /** Whether what follows `--` is a command line to be run, and not more operands. */
  takesCommandLine?: boolean;
  /** Declares operands and options. */
  configure(command: Commander): void;
  run(invocation: Invocation<Record<string, unknown>>): Promise<Exit>;
}

/** Ties a command's options to the type that its `run` reads them as. */
export function defineCommand<Options>(
  command: Omit<Command, 'run'> & { run(invocation: Invocation<Options>): Promise<Exit> },
): Command {
  return command as Command;
}
