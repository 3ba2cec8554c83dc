import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  since?: string;
  failOn?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'diff',
  summary: 'Compare what a server lists now with what it listed before.',
  example: 'catalogue diff playwright-mcp --since 7d',

  configure(command: Commander) {
    command
      .argument('<server>', 'a server of the catalogue, by its name in `catalogue list`')
      .option(
        '--since <when>',
        'the list that it gave then: a date, a span such as 24h or 7d, or the number of a scan ' +
          '(default: the list before the newest one)',
      )
      .option(
        '--fail-on <what>',
        'exit with 10: `change` when a tool appeared, changed, returned or vanished; `raised` when something is flagged',
      )
      .addHelpText(
        'after',
        '\nFlagged is what made a tool riskier: the risk rose, an effect is new, the' +
          '\ndefinition now speaks to the model; or a new tool is critical or does so.',
      );
    addDatabaseOption(command);
  },

  async run({ io, operands: [reference = ''], options }) {
    const { failOn } = options;
    if (failOn !== undefined && failOn !== 'change' && failOn !== 'raised') {
      throw usageError(`--fail-on takes change or raised, not '${failOn}'.`);
    }
    const [{ findServer }, { diffText }, { jsonText }, { instant }] = await Promise.all([
      import('../find-server.ts'),
      import('../diff-text.ts'),
      import('../published.ts'),
      import('../when.ts'),
    ]);
    const since = options.since === undefined ? undefined : readSince(options.since);
    const catalogue = await openCatalogueFor(options, io);
    const diff = await findServer(catalogue, reference)
      .then(({ slug }) => catalogue.diff(slug, since === undefined ? {} : { since }))
      .finally(() => catalogue.close());
    await write(io.stdout, options.json ? `${jsonText(diff, 2)}\n` : diffText(diff, io));
    const failed = diff.changes.some(({ kind, raises }) =>
      failOn === 'raised' ? raises : kind !== 're-judged',
    );
    return failOn !== undefined && failed ? EXIT.threshold : EXIT.done;

    function readSince(text: string) {
      return /^\d{1,15}$/.test(text) ? { scan: Number(text) } : instant(text, '--since', io.now(), 'before');
    }
  },
});
