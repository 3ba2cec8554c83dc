import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { collect } from '../crawler-options.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';
import type { SearchOptions } from '../search-options.ts';

interface Options extends DatabaseOptions, SearchOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'search',
  summary: 'Find tools by words of their names and descriptions, and by their verdicts.',
  example: 'catalogue search delete file --risk critical',

  configure(command: Commander) {
    command
      .argument('[words...]', 'words that are all to be found; the last one may be the beginning of a word')
      .option('--risk <level>', 'critical, high, medium or low (repeatable: any of them)', collect)
      .option('--category <name>', 'Read, Write or Execute (repeatable: any of them)', collect)
      .option('--signal <id>', 'a signal that is present (repeatable: all of them)', collect)
      .option('--server <name>', 'the tools of one server')
      .option('--origin <source>', 'the tools of servers that this source found')
      .option('--limit <number>', 'tools at a time', '20')
      .option('--after <place>', 'go on where an answer was cut, with what it said');
    addDatabaseOption(command);
  },

  async run({ io, operands, options }) {
    const [{ readSearch }, { publishSearch, searchRemarks, searchTable }, { jsonText }] = await Promise.all([
      import('../search-options.ts'),
      import('../search-report.ts'),
      import('../published.ts'),
    ]);
    const query = readSearch(operands, options);
    const catalogue = await openCatalogueFor(options, io);
    const answer = await catalogue.search(query).finally(() => catalogue.close());
    if (options.json) {
      await write(io.stdout, `${jsonText(publishSearch(answer), 2)}\n`);
      return EXIT.done;
    }
    await write(io.stdout, searchTable(answer, io));
    await write(io.stderr, searchRemarks(answer));
    return EXIT.done;
  },
});
