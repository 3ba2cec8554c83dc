import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  format?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'dump',
  summary: 'Write the whole catalogue to a file, to be kept or imported elsewhere.',
  example: 'catalogue dump catalogue.jsonl.gz',

  configure(command: Commander) {
    command
      .argument('[file]', 'where to; compressed if its name ends in .gz; - is stdout', '-')
      .option('--format <name>', 'jsonl: everything; parquet: the tools that are listed now')
      .addHelpText(
        'after',
        '\nThe format is parquet where the name of the file ends in .parquet, else jsonl.\n' +
          'Corrections are files of their own and are not in the dump.',
      );
    addDatabaseOption(command);
  },

  async run({ io, operands: [file = '-'], options }) {
    const [{ dumpFormat, writeDump, writeParquet }, { recordWords }, { jsonText }, { visible }, { count }] =
      await Promise.all([
        import('../dump.ts'),
        import('../dump-report.ts'),
        import('../published.ts'),
        import('../../site/visible.ts'),
        import('../../site/words.ts'),
      ]);
    const format = dumpFormat(options.format, file);
    if (format === 'parquet' && file === '-') throw usageError('Parquet is not text: name a file.');
    const catalogue = await openCatalogueFor(options, io);
    try {
      const written =
        format === 'parquet'
          ? { tools: await writeParquet(catalogue, file, io) }
          : { records: await writeDump(catalogue, file, io) };
      if (file === '-') return EXIT.done;
      if (options.json) {
        await write(io.stdout, `${jsonText({ file, format, ...written })}\n`);
        return EXIT.done;
      }
      const what = written.records ? recordWords(written.records) : count(written.tools, 'tool');
      await write(io.stderr, `Wrote ${visible(file)}: ${what}.\n`);
      return EXIT.done;
    } catch (error) {
      if (!io.signal.aborted) throw error;
      const state = file === '-' ? 'what was printed is not whole' : 'nothing was written';
      await write(io.stderr, `catalogue: interrupted, ${state}.\n`);
      return EXIT.interrupted;
    } finally {
      await catalogue.close();
    }
  },
});
