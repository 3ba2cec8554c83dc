import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';
import { addReviewOptions, type ReviewOptions } from '../review-options.ts';

interface Options extends DatabaseOptions, ReviewOptions {
  all?: boolean;
  batch?: string;
  apply?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'review',
  summary: 'Ask a language model for a second opinion on tools of the catalogue.',
  example: 'catalogue review --model gpt-5-mini --tokens 500000',

  configure(command: Commander) {
    command
      .argument('[server]', 'a server of the catalogue; all of them when left out')
      .option('--all', 'review every tool, not only where the rules are in doubt')
      .option('--batch <file>', 'ask nothing; write the requests to a file for the Batch API')
      .option('--apply <file>', 'ask nothing; read the answers from the output file of a batch');
    addReviewOptions(command);
    command.addHelpText(
      'after',
      '\n$OPENAI_API_KEY has the key; $OPENAI_BASE_URL names another server, such as a local\n' +
        'one. Answers are kept: what was answered once is not asked again.',
    );
    addDatabaseOption(command);
  },

  async run({ io, operands: [reference], options }) {
    if (options.batch !== undefined && options.apply !== undefined) {
      throw usageError('--batch writes the requests and --apply reads the answers: give one of them.');
    }
    const [
      { askFromEnvironment, readReviewSettings },
      { applyResults, askModel, writeRequests },
      { findServer },
    ] = await Promise.all([import('../review.ts'), import('../review-run.ts'), import('../find-server.ts')]);
    const settings = readReviewSettings(options, options.all ? 'all' : 'doubtful', io);
    // Before the catalogue is opened: a missing key is told at once.
    const work =
      options.batch !== undefined
        ? writeRequests(options.batch)
        : options.apply !== undefined
          ? applyResults(options.apply)
          : askModel(askFromEnvironment(settings, io));
    const catalogue = await openCatalogueFor(options, io);
    try {
      const slug = reference === undefined ? undefined : (await findServer(catalogue, reference)).slug;
      const tools = catalogue.currentTools(slug);
      return await work({ settings, catalogue, tools, json: options.json ?? false }, io);
    } finally {
      await catalogue.close();
    }
  },
});
