import { Command as Commander, CommanderError } from 'commander';
import { isUsageError } from '../crawler/fault.ts';
import packageJson from '../package.json' with { type: 'json' };
import { COMMAND_GROUPS, type Command, type CommandGroup, commandWords, type Invocation } from './command.ts';
import { commands } from './commands/index.generated.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import { type Io, write } from './io.ts';

/** Runs one command line and gives the exit code; the process itself is left to `main.ts`. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return (await dispatch(argv, io)).code;
  } catch (error) {
    const { exit, message } = await explain(error);
    if (message !== '') await write(io.stderr, `catalogue: ${message}\n`);
    return exit.code;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<Exit> {
  const found = commands.find((command) =>
    commandWords(command).every((word, index) => word === argv[index]),
  );
  const dashes = found?.takesCommandLine ? argv.indexOf('--') : -1;
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  const commandLine = dashes < 0 ? undefined : argv.slice(dashes + 1);

  let exit: Exit = EXIT.done;
  const program = createProgram(io, async (command, operands, options) => {
    exit = await command.run({ io, operands, options, ...(commandLine && { commandLine }) });
  });
  await program.parseAsync([...own], { from: 'user' });
  return exit;
}

/** The whole command line as commander has it: for running it, and for writing its help into the docs. */
export function createProgram(
  io: Pick<Io, 'stdout' | 'stderr'>,
  action: (command: Command, ...call: CommandCall) => Promise<void>,
): Commander {
  const program = new Commander('catalogue')
    .description('What can this MCP tool do to me, and what rule should stand in front of it?')
    .version(packageJson.version)
    .helpCommand(false)
    .configureHelp({ helpWidth: helpWidth(io), minWidthToWrap: MIN_HELP_COLUMN })
    .addHelpText('after', exitCodeHelp());
  settle(program, io);
  const groups = new Map<CommandGroup, Commander>();
  const groupOf = (name: CommandGroup): Commander => {
    const group =
      groups.get(name) ?? program.command(name).description(COMMAND_GROUPS[name]).helpCommand(false);
    if (!groups.has(name)) settle(group, io);
    groups.set(name, group);
    return group;
  };
  for (const command of commands) {
    const parent = command.group === undefined ? program : groupOf(command.group);
    const sub = parent.command(commandWords(command).at(-1) ?? '').description(command.summary);
    settle(sub, io);
    command.configure(sub);
    sub
      .option('--json', 'print JSON for programs')
      .addHelpText('after', `\nExample:\n  $ ${command.example}`)
      .action(() => action(command, operandsOf(sub), sub.opts()));
  }
  return program;
}

type CommandCall = [operands: string[], options: Invocation<Record<string, unknown>>['options']];

/** The same on every terminal that has room for it, so that the help in the docs is the help that people see. */
const HELP_WIDTH = 80;

/** Narrower columns are not wrapped: there the terminal does no worse. */
const MIN_HELP_COLUMN = 20;

function helpWidth({ stdout }: Pick<Io, 'stdout'>): number {
  return stdout.isTerminal ? Math.min(HELP_WIDTH, stdout.columns) : HELP_WIDTH;
}

function settle(command: Commander, io: Pick<Io, 'stdout' | 'stderr'>): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: helpWidth(io), minWidthToWrap: MIN_HELP_COLUMN })
    .configureOutput({
      writeOut: (text) => io.stdout.stream.write(text),
      writeErr: (text) => io.stderr.stream.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'catalogue: ')),
    });
}

function operandsOf(command: Commander): string[] {
  return command.processedArgs.flat().filter((operand) => typeof operand === 'string');
}

function exitCodeHelp(): string {
  const lines = Object.values(EXIT).map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

/** What went wrong, as the exit code that it has and the sentence that the user reads. */
async function explain(error: unknown): Promise<{ exit: Exit; message: string }> {
  if (error instanceof CommanderError) {
    // Commander has printed the help, the version or the fault itself.
    return { exit: error.exitCode === 0 ? EXIT.done : EXIT.usage, message: '' };
  }
  if (isUsageError(error)) return { exit: EXIT.usage, message: error.message };
  if (error instanceof Error && error.name === 'CatalogueUnavailable') {
    return { exit: EXIT.unavailable, message: error.message };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exit: EXIT.fault, message: `this is a fault of ours, please report it:\n${text}` };
}
