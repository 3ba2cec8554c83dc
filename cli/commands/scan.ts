import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type Exit } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';
import type { ScanOutcome } from '../scan.ts';

const LEVELS = ['low', 'medium', 'high', 'critical'] as const;

interface Options extends DatabaseOptions {
  env?: string[];
  header?: string[];
  arg?: string[];
  timeout: string;
  failOn?: string;
  save: boolean;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'scan',
  summary: 'List the tools of MCP servers, judge each, and keep the result.',
  example: 'catalogue scan npm:@modelcontextprotocol/server-filesystem --arg .',
  takesCommandLine: true,

  configure(command: Commander) {
    const collect = (value: string, all: string[] = []) => [...all, value];
    command
      .usage('[options] [target...] [-- command...]')
      .argument(
        '[target...]',
        'npm:<package>[@version], an http(s) address, or the path of a client configuration file',
      )
      .option('--env <name>', 'pass this variable through to the servers (repeatable)', collect)
      .option('--header <header>', "send this header, as 'Name: value' (repeatable)", collect)
      .option('--arg <argument>', 'give the servers this argument (repeatable)', collect)
      .option('--timeout <seconds>', 'the most that one server may take', '30')
      .option('--fail-on <risk>', 'exit with 10 when a tool has this risk or a higher one')
      .option('--no-save', 'keep nothing in the catalogue')
      .addHelpText(
        'after',
        '\nA command after -- is run as a server of its own. A server that cannot be listed' +
          '\nleaves the others alone; a reached threshold counts before a failed target.',
      );
    addDatabaseOption(command);
  },

  async run({ io, operands, options, commandLine }) {
    const threshold = LEVELS.find((level) => level === options.failOn);
    if (options.failOn !== undefined && threshold === undefined) {
      throw usageError(`--fail-on takes one of ${LEVELS.join(', ')}, not '${options.failOn}'.`);
    }
    if (operands.length === 0 && commandLine === undefined) {
      throw usageError('name at least one target, such as npm:@playwright/mcp, or a command after --.');
    }
    const [{ gatherTargets, readSettings, scanTargets }, { publishScans, scanText }] = await Promise.all([
      import('../scan.ts'),
      import('../scan-report.ts'),
    ]);
    const settings = readSettings(options, io);
    const targets = await gatherTargets(operands, commandLine, settings, io);
    const catalogue = options.save ? await openCatalogueFor(options, io) : undefined;
    const outcomes = await scanTargets(targets, settings, catalogue, io).finally(() => catalogue?.close());
    await write(io.stdout, options.json ? publishScans(outcomes) : scanText(outcomes, io));
    if (io.signal.aborted) return EXIT.interrupted;
    return exitOf(outcomes, threshold);
  },
});

function exitOf(outcomes: readonly ScanOutcome[], threshold: (typeof LEVELS)[number] | undefined): Exit {
  const risks = outcomes.flatMap(({ classifications }) => classifications.map(({ risk }) => risk));
  if (threshold !== undefined && risks.some((risk) => LEVELS.indexOf(risk) >= LEVELS.indexOf(threshold))) {
    return EXIT.threshold;
  }
  return outcomes.some(({ crawl }) => crawl.status === 'failed') ? EXIT.unlisted : EXIT.done;
}
