import type { Command as Commander } from 'commander';
import type { Reviewer } from '../../classifier/review/reviewer.ts';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { addCrawlerOptions, type CrawlerOptions, collect } from '../crawler-options.ts';
import { EXIT, type Exit } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, locateCorrections, openCatalogueFor } from '../location.ts';
import type { CheckedOutcome } from '../locked.ts';
import { addReviewOptions, type ScanReviewOptions } from '../review-options.ts';

const LEVELS = ['low', 'medium', 'high', 'critical'] as const;

interface Options extends DatabaseOptions, CrawlerOptions, ScanReviewOptions {
  env?: string[];
  header?: string[];
  arg?: string[];
  clients?: boolean;
  failOn?: string;
  locked?: string | true;
  save: boolean;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'scan',
  summary: 'List the tools of MCP servers, judge each, and keep the result.',
  example: 'catalogue scan npm:@modelcontextprotocol/server-filesystem --arg .',
  takesCommandLine: true,

  configure(command: Commander) {
    command
      .usage('[options] [target...] [-- command...]')
      .argument(
        '[target...]',
        'npm:<package>[@version], an http(s) address, or the path of a client configuration file',
      )
      .option('--env <name>', 'pass this variable through to the servers (repeatable)', collect)
      .option('--header <header>', "send this header, as 'Name: value' (repeatable)", collect)
      .option('--arg <argument>', 'give the servers this argument (repeatable)', collect)
      .option('--clients', 'scan what the MCP clients on this machine are set up with, too')
      .option('--fail-on <risk>', 'exit with 10 when a tool has this risk or a higher one')
      .option(
        '--locked [file]',
        'exit with 10 when a server is not as it was pinned in this *.lock.json (default: catalogue.lock.json)',
      )
      .option('--no-save', 'keep nothing in the catalogue')
      .option(
        '--review [which]',
        'get second opinions from a language model where the rules are in doubt; --review=all: on every tool',
      )
      .addHelpText(
        'after',
        '\nA command after -- is run as a server of its own. A server that cannot be listed' +
          '\nleaves the others alone; a reached threshold counts before a failed target.',
      );
    addReviewOptions(command, 'review-');
    addCrawlerOptions(command);
    addDatabaseOption(command);
  },

  async run({ io, operands: given, options, commandLine }) {
    const operands = withSwallowed(given, options);
    const threshold = LEVELS.find((level) => level === options.failOn);
    if (options.failOn !== undefined && threshold === undefined) {
      throw usageError(`--fail-on takes one of ${LEVELS.join(', ')}, not '${options.failOn}'.`);
    }
    if (operands.length === 0 && commandLine === undefined && !options.clients) {
      throw usageError(
        'name at least one target, such as npm:@playwright/mcp, --clients, or a command after --.',
      );
    }
    const [
      { gatherTargets, readSettings, scanTargets },
      { openCrawler },
      { correctOutcomes, publishScans, scanText },
      { checkOutcomes, openLock },
      { readCorrections },
    ] = await Promise.all([
      import('../scan.ts'),
      import('../crawler.ts'),
      import('../scan-report.ts'),
      import('../locked.ts'),
      import('../../catalogue/corrections.ts'),
    ]);
    const settings = readSettings(options, io);
    const lock = options.locked === undefined ? undefined : await openLock(options.locked, io);
    const folder = locateCorrections(options, io);
    // Before anything is started: a broken file must not cost a whole scan.
    const corrections = folder === undefined ? [] : await readCorrections(folder);
    const openReviewer =
      options.review === undefined ? undefined : (await import('../review.ts')).reviewerFor(options, io);
    const targets = await gatherTargets(operands, options.clients ?? false, commandLine, settings, io);
    // What a user names may be on the user's own machine or network.
    const crawler = await openCrawler(options, true, io);
    let outcomes: CheckedOutcome[];
    let reviewer: Reviewer | undefined;
    try {
      const catalogue = options.save ? await openCatalogueFor(options, io) : undefined;
      reviewer = openReviewer?.(catalogue);
      outcomes = await scanTargets(targets, crawler, catalogue, reviewer, io)
        .then((scanned) => (lock === undefined ? scanned : checkOutcomes(scanned, lock, catalogue)))
        .finally(() => catalogue?.close());
    } finally {
      await crawler.close();
    }
    outcomes = correctOutcomes(outcomes, corrections);
    await write(io.stdout, options.json ? publishScans(outcomes) : scanText(outcomes, io));
    if (reviewer !== undefined) {
      const { refusalText, reviewText } = await import('../review-report.ts');
      await write(io.stderr, reviewText(reviewer) + refusalText(reviewer));
    }
    if (io.signal.aborted) return EXIT.interrupted;
    const exit = exitOf(outcomes, threshold);
    return reviewer?.stopped()?.kind === 'refused' && exit !== EXIT.threshold ? EXIT.usage : exit;
  },
});

/**
 * A target that stands right behind `--review` or `--locked` is read as its value, which can only be `all`, and only the
 * name of a lock file.
 */
function withSwallowed(operands: readonly string[], { review, locked }: Options): string[] {
  const swallowed = [
    ...(typeof locked === 'string' && !locked.endsWith('.lock.json') ? [locked] : []),
    ...(typeof review === 'string' && review !== 'all' ? [review] : []),
  ];
  return [...swallowed, ...operands];
}

function exitOf(outcomes: readonly CheckedOutcome[], threshold: (typeof LEVELS)[number] | undefined): Exit {
  if (outcomes.some(({ lock }) => lock?.status === 'differs')) return EXIT.threshold;
  const risks = outcomes.flatMap(({ classifications }) => classifications.map(({ risk }) => risk));
  if (threshold !== undefined && risks.some((risk) => LEVELS.indexOf(risk) >= LEVELS.indexOf(threshold))) {
    return EXIT.threshold;
  }
  return outcomes.some(({ crawl }) => crawl.status === 'failed') ? EXIT.unlisted : EXIT.done;
}
