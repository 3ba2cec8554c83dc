import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { addCrawlerOptions, type CrawlerOptions, collect } from '../crawler-options.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions, CrawlerOptions {
  concurrency: string;
  perHost: string;
  attempts: string;
  env?: string[];
  allowPrivate?: boolean;
  events?: boolean;
  enqueue?: boolean;
  every?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'crawl',
  summary: 'Scan every server that a source names; broken off, it goes on where it was.',
  example: 'catalogue crawl mcp-registry --concurrency 16',

  configure(command: Commander) {
    command
      .argument('<source>', 'a source, by its name in `catalogue sources`')
      .argument('[reference]', 'what the source is to read: an address, a file or a folder')
      .option('--concurrency <number>', 'servers worked on at a time', '8')
      .option('--per-host <number>', 'servers of one host worked on at a time', '2')
      .option('--attempts <number>', 'how often a server is tried whose failure may pass', '3')
      .option('--env <name>', 'pass this variable through to the servers (repeatable)', collect)
      .option('--allow-private', 'go to private and loopback addresses too')
      .option('--events', 'print one JSON line for each outcome as it comes')
      .option('--enqueue', 'put the servers into the queue in PostgreSQL, for `catalogue worker`')
      .option('--every <interval>', 'with --enqueue: again after each 30m, 24h or 7d, say');
    addCrawlerOptions(command);
    addDatabaseOption(command);
  },

  async run({ io, operands: [id = '', reference], options }) {
    const [{ sources }, { crawlSource, readCrawlSettings }, { openCrawler }, { jsonText }, { summaryText }] =
      await Promise.all([
        import('../../crawler/sources/index.generated.ts'),
        import('../crawl.ts'),
        import('../crawler.ts'),
        import('../published.ts'),
        import('../crawl-report.ts'),
      ]);
    const source = sources.find((candidate) => candidate.id === id);
    if (source === undefined) {
      throw usageError(
        `there is no source '${id}'. There are: ${sources.map((each) => each.id).join(', ')}.`,
      );
    }
    const ref = reference ?? source.defaultRef;
    if (ref === undefined) throw usageError(`${id} needs a reference, such as ${source.example}.`);
    const settings = readCrawlSettings(options, io);
    if (options.every !== undefined && !options.enqueue) {
      throw usageError(
        '--every goes with --enqueue: it is the workers of the queue that begin later passes.',
      );
    }
    if (options.enqueue) {
      const { enqueueAndReport } = await import('../enqueue.ts');
      return enqueueAndReport(source, ref, settings, options, io);
    }
    const crawler = await openCrawler(options, options.allowPrivate ?? false, io);
    try {
      const catalogue = await openCatalogueFor(options, io);
      const pass = { source, ref, settings, crawler, catalogue };
      const summary = await crawlSource(pass, io).finally(() => catalogue.close());
      if (options.json) await write(io.stdout, `${jsonText(summary, 2)}\n`);
      else if (!options.events) await write(io.stdout, summaryText(summary));
    } finally {
      await crawler.close();
    }
    return io.signal.aborted ? EXIT.interrupted : EXIT.done;
  },
});
