import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  retryDead?: boolean;
  unschedule?: boolean;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'queue',
  summary: 'Show how far the servers in the queue are, who works on them, and what failed.',
  example: 'catalogue queue',

  configure(command) {
    command
      .argument('[source]', 'with --unschedule: the source')
      .argument('[reference]', 'with --unschedule: what it reads')
      .option('--retry-dead', 'put the dead letters back into the queue')
      .option('--unschedule', 'begin no further passes over this source');
    addDatabaseOption(command);
  },

  async run({ io, operands: [source, reference], options }) {
    if ((source === undefined) === (options.unschedule === true)) {
      throw usageError(
        '--unschedule and the name of a source go together, as in `catalogue queue --unschedule mcp-registry`.',
      );
    }
    const [{ requireQueue }, { readQueueStatus }, { publishQueue, queueText }, { jsonText }] =
      await Promise.all([
        import('../enqueue.ts'),
        import('../../catalogue/queue-status.ts'),
        import('../queue-report.ts'),
        import('../published.ts'),
      ]);
    const location = requireQueue(options, io, 'The queue');
    // Opened first: it says in one line why the database cannot be used, if it cannot.
    const catalogue = await openCatalogueFor(options, io);
    try {
      if (source !== undefined || options.retryDead) {
        const { retryDead, unschedule } = await import('../queue-orders.ts');
        if (source !== undefined) await unschedule(location, source, reference, io);
        if (options.retryDead) await retryDead(location, io);
        if (!options.json) return EXIT.done;
      }
      const status = await readQueueStatus(location);
      const outcomes = await catalogue.outcomesOf(status?.passes.map(({ crawl }) => crawl) ?? []);
      const queue = publishQueue(status, outcomes);
      await write(io.stdout, options.json ? `${jsonText(queue, 2)}\n` : queueText(queue, io));
    } finally {
      await catalogue.close();
    }
    return EXIT.done;
  },
});
