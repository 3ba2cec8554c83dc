import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'report',
  summary: 'Sum up why servers have tools, or have none.',
  example: 'catalogue report',
  configure: addDatabaseOption,

  async run({ io, options }) {
    const [{ jsonText }, { table }, { visible }] = await Promise.all([
      import('../published.ts'),
      import('../terminal.ts'),
      import('../../site/visible.ts'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    const outcomes = await catalogue.countOutcomes().finally(() => catalogue.close());
    if (options.json) {
      await write(io.stdout, `${jsonText({ outcomes }, 2)}\n`);
      return EXIT.done;
    }
    if (outcomes.length === 0) {
      await write(io.stderr, 'The catalogue is empty. `catalogue scan` or `catalogue crawl` adds servers.\n');
      return EXIT.done;
    }
    const rows = outcomes.map(({ status, phase, code, withoutTools, servers, examples }) => [
      servers,
      withoutTools ? `${status}, without tools` : status,
      code === null ? '' : `${code} at ${phase}`,
      visible(examples.join(', ')),
    ]);
    await write(io.stdout, table(['Servers', 'Outcome', 'Why', 'Such as'], rows));
    return EXIT.done;
  },
});
