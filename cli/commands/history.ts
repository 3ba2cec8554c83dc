import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  limit: string;
  oldestFirst?: boolean;
  after?: string;
  json?: boolean;
}

/** One page; more is a few seconds' work on a server that changes all the time. */
const MAX_LIMIT = 1_000;

export const command = defineCommand<Options>({
  id: 'history',
  summary: 'Show what happened to the tools of a server, or to one of them.',
  example: 'catalogue history playwright-mcp browser_navigate',

  configure(command: Commander) {
    command
      .argument('<server>', 'a server of the catalogue, by its name in `catalogue list`')
      .argument('[tool]', 'one of its tools, or one that it had')
      .option('--limit <n>', 'changes to show', '50')
      .option('--oldest-first', 'begin with the first list')
      .option('--after <next>', 'go on where the page before ended');
    addDatabaseOption(command);
  },

  async run({ io, operands: [reference = '', tool], options }) {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw usageError(`--limit takes a whole number from 1 to ${MAX_LIMIT}, not '${options.limit}'.`);
    }
    const [{ findServer }, { historyText }, { jsonText }, { visible }] = await Promise.all([
      import('../find-server.ts'),
      import('../history-text.ts'),
      import('../published.ts'),
      import('../../site/visible.ts'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    try {
      const { slug } = await findServer(catalogue, reference);
      const { oldestFirst, after } = options;
      const history = await catalogue.history(slug, { tool, limit, oldestFirst, after });
      if (tool !== undefined && history.changes.length === 0 && after === undefined) {
        throw usageError(
          `${slug} has never listed a tool '${visible(tool)}'. \`catalogue show ${slug}\` lists those it has now.`,
        );
      }
      await write(io.stdout, options.json ? `${jsonText(history, 2)}\n` : historyText(history, io));
      if (history.next !== undefined && !options.json) {
        const order = oldestFirst ? ' --oldest-first' : '';
        await write(io.stderr, `\nThere is more: add --after ${history.next}${order}\n`);
      }
      return EXIT.done;
    } finally {
      await catalogue.close();
    }
  },
});
