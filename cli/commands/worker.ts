import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { addCrawlerOptions, collect } from '../crawler-options.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption } from '../location.ts';
import type { WorkerOptions } from '../worker.ts';

export const command = defineCommand<WorkerOptions & { json?: boolean }>({
  id: 'worker',
  summary: 'Scan the servers that `catalogue crawl --enqueue` has put into the queue.',
  example: 'catalogue worker --concurrency 16',

  configure(command: Commander) {
    command
      .option('--concurrency <number>', 'servers worked on at a time', '8')
      .option('--per-host <number>', 'servers of one host worked on at a time, by all workers together', '2')
      .option('--grace <seconds>', 'what is under way may take so long to end after a stop', '20')
      .option('--drain', 'end when there is nothing left to do')
      .option('--env <name>', 'pass this variable on to the servers that want it (repeatable)', collect)
      .option('--allow-private', 'go to private and loopback addresses too')
      .option('--events', 'print one JSON line for each outcome as it comes')
      .addHelpText(
        'after',
        '\nCtrl-C or SIGTERM: nothing new is taken, what is under way may end, and what has not' +
          '\nended after the grace goes back to the queue. Exit code 0 then.',
      );
    addCrawlerOptions(command);
    addDatabaseOption(command);
  },

  async run({ io, options }) {
    const [{ readWorkerSettings, work, workedText }, { requireQueue }, { jsonText }] = await Promise.all([
      import('../worker.ts'),
      import('../enqueue.ts'),
      import('../published.ts'),
    ]);
    const location = requireQueue(options, io, 'A worker');
    const summary = await work(location, options, readWorkerSettings(options, io), io);
    if (options.json) await write(io.stdout, `${jsonText(summary, 2)}\n`);
    else if (!options.events) await write(io.stdout, workedText(summary));
    return EXIT.done;
  },
});
