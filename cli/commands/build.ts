import { resolve } from 'node:path';
import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  out: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'build',
  summary: 'Build the static site of the catalogue.',
  example: 'catalogue build --out public',

  configure(command: Commander) {
    command.option('--out <folder>', 'where the site is written', 'public');
    addDatabaseOption(command);
  },

  async run({ io, options }) {
    const [{ buildSite }, { loadAssets }, { publish }, { jsonText }, fs] = await Promise.all([
      import('../../site/build.ts'),
      import('../../site/assets.ts'),
      import('../../site/publish.ts'),
      import('../published.ts'),
      import('node:fs/promises'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    const view = await catalogue.view().finally(() => catalogue.close());
    const files = buildSite(view, { assets: loadAssets() });
    const result = await publish(files, resolve(io.cwd, options.out), fs).catch((error: Error) => {
      // Whatever the file system refuses is for the user to put right: another folder, more space, other rights.
      throw 'syscall' in error ? usageError(`${options.out} cannot be written: ${error.message}.`) : error;
    });
    if (result.status === 'refused') throw usageError(result.reason);
    const { written, unchanged, removed } = result;
    if (options.json) {
      await write(io.stdout, `${jsonText({ out: options.out, written, unchanged, removed })}\n`);
    } else {
      await write(
        io.stderr,
        `Built ${options.out}: ${written} files written, ${unchanged} unchanged, ${removed} removed. ` +
          `\`catalogue serve --out ${options.out}\` shows it.\n`,
      );
    }
    return EXIT.done;
  },
});
