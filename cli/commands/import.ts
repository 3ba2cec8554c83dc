import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'import',
  summary: 'Add a dump to the catalogue: all of it, or nothing where it cannot be read.',
  example: 'catalogue import catalogue.jsonl.gz',

  configure(command: Commander) {
    command
      .argument('<file>', 'what `catalogue dump` wrote, compressed or not; - is stdin')
      .addHelpText(
        'after',
        '\nWhat the catalogue has stays as it is, and importing twice changes nothing.\n' +
          'Verdicts are taken as they stand in the dump: import what you trust.',
      );
    addDatabaseOption(command);
  },

  async run({ io, operands: [file = '-'], options }) {
    const [{ readImport }, { importText }, { jsonText }] = await Promise.all([
      import('../import.ts'),
      import('../dump-report.ts'),
      import('../published.ts'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    try {
      const report = await readImport(catalogue, file, io);
      if (options.json) await write(io.stdout, `${jsonText({ file, ...report })}\n`);
      else await write(io.stderr, importText(file === '-' ? 'stdin' : file, report));
      return EXIT.done;
    } catch (error) {
      if (!io.signal.aborted) throw error;
      await write(io.stderr, 'catalogue: interrupted, nothing was imported.\n');
      return EXIT.interrupted;
    } finally {
      await catalogue.close();
    }
  },
});
