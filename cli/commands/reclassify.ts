import { setImmediate } from 'node:timers/promises';
import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  limit?: string;
  dryRun?: boolean;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'reclassify',
  summary: 'Judge all definitions of the catalogue again with the present classifier.',
  example: 'catalogue reclassify --dry-run --limit 1000',

  configure(command: Commander) {
    command
      .option('--limit <n>', 'definitions to judge at the most')
      .option('--dry-run', 'say what would change, and store nothing')
      .addHelpText(
        'after',
        '\nWhat this classifier has judged is passed over: a run that was broken off goes on' +
          '\nwhere it ended. The verdicts before are kept, and second opinions are applied anew.',
      );
    addDatabaseOption(command);
  },

  async run({ io, options }) {
    const limit = options.limit === undefined ? undefined : Number(options.limit);
    if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
      throw usageError(`--limit takes a whole number from 1, not '${options.limit}'.`);
    }
    const [{ createReclassifyTally, reclassifyProgress, reclassifyText }, { jsonText }] = await Promise.all([
      import('../reclassify-report.ts'),
      import('../published.ts'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    const dryRun = options.dryRun ?? false;
    const tally = createReclassifyTally();
    const progress = reclassifyProgress(io);
    try {
      progress.draw(tally);
      for await (const batch of catalogue.reclassify({ dryRun, ...(limit !== undefined && { limit }) })) {
        tally.add(batch);
        progress.draw(tally);
        // The embedded database works in this process and leaves no room for Ctrl-C to be heard.
        await setImmediate();
        if (io.signal.aborted) break;
      }
    } finally {
      progress.end();
      await catalogue.close();
    }
    const complete = !io.signal.aborted && (limit === undefined || tally.progress().judged < limit);
    const result = tally.result({ dryRun, complete });
    await write(io.stdout, options.json ? `${jsonText(result, 2)}\n` : reclassifyText(result, io));
    if (!io.signal.aborted) return EXIT.done;
    const { share, judged } = tally.progress();
    const kept = dryRun ? '' : ' What was judged is kept, and the same command goes on from there.';
    await write(
      io.stderr,
      `catalogue: interrupted at ${Math.floor(share * 100)} % after ${judged} definitions.${kept}\n`,
    );
    return EXIT.interrupted;
  },
});
