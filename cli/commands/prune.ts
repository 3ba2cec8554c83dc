import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  keep: string;
  dryRun?: boolean;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'prune',
  summary: 'Remove old scans that only repeat others; never the first or last sighting.',
  example: 'catalogue prune --keep 12m --dry-run',

  configure(command: Commander) {
    command
      .requiredOption('--keep <span>', 'remove nothing that is younger: 90d, 12m or 2y; at least 1d')
      .option('--dry-run', 'count what would go, and remove nothing')
      .addHelpText(
        'after',
        '\nA scan goes when its server had the same list, or the same failure, just before' +
          '\nand just after it. Definitions, lists, changes and verdicts stay.',
      );
    addDatabaseOption(command);
  },

  async run({ io, options }) {
    const [{ pruneBefore, pruneProgress, pruneText, publishPrune }, { jsonText }] = await Promise.all([
      import('../prune.ts'),
      import('../published.ts'),
    ]);
    const before = pruneBefore(options.keep, io.now());
    const dryRun = options.dryRun ?? false;
    const progress = pruneProgress(io);
    const catalogue = await openCatalogueFor(options, io);
    const result = await catalogue
      .prune({ before, dryRun, signal: io.signal, progress: progress.show })
      .finally(progress.end)
      .finally(() => catalogue.close());
    const report = { ...result, before, dryRun };
    await write(io.stdout, options.json ? `${jsonText(publishPrune(report), 2)}\n` : pruneText(report, io));
    return result.finished ? EXIT.done : EXIT.interrupted;
  },
});
