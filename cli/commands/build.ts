import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  out: string;
  baseUrl?: string;
  basePath?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'build',
  summary: 'Build the static site of the catalogue.',
  example: 'catalogue build --out public --base-url https://example.org/catalogue/',

  configure(command: Commander) {
    command
      .option(
        '--out <name>',
        'the link by which the site is served; its files stand in <name>.build',
        'public',
      )
      .option(
        '--base-url <address>',
        'where the site will stand; the feeds, the sitemap and the badges need it',
      )
      .option('--base-path <path>', 'the path at which it is served, where the whole address is not known');
    addDatabaseOption(command);
  },

  async run({ io, options }) {
    const [
      { buildSite },
      { loadAssets },
      { programHash },
      { CLASSIFIER_VERSION },
      { siteAddress },
      progress,
      own,
    ] = await Promise.all([
      import('../../site/build/build-site.ts'),
      import('../../site/assets.ts'),
      import('../../site/build/program.ts'),
      import('../../classifier/classify.ts'),
      import('../site-settings.ts'),
      import('../build-progress.ts'),
      import('../published.ts'),
    ]);
    // Most of what a build makes is needed for a moment. Left alone, V8 lets it grow to three times what is in use
    // before it collects any; so a build of 100,000 tools takes 300 MB less, and no more time.
    setFlagsFromString('--semi-space-growth-factor=1');
    setFlagsFromString('--heap-growing-percent=30');
    const address = siteAddress(options.baseUrl, options.basePath);
    const settings = { ...address, classifierVersion: CLASSIFIER_VERSION, program: programHash() };
    const catalogue = await openCatalogueFor(options, io);
    const line = progress.startBuildLine(io);
    const result = await buildSite(catalogue, {
      out: resolve(io.cwd, options.out),
      settings,
      assets: loadAssets(),
      threads: availableParallelism(),
      onProgress: line.show,
      signal: io.signal,
    })
      .catch((error: Error) => {
        if (io.signal.aborted) return 'interrupted' as const;
        // Whatever the file system refuses is for the user to put right: another folder, more space, other rights.
        throw 'syscall' in error ? usageError(`${options.out} cannot be written: ${error.message}.`) : error;
      })
      .finally(() => {
        line.end();
        return catalogue.close();
      });
    if (result === 'interrupted') {
      await write(
        io.stderr,
        'The build was broken off; the site is as it was. The same command goes on where it ended.\n',
      );
      return EXIT.interrupted;
    }
    if ('refused' in result) throw usageError(result.refused);
    const { written, unchanged, removed } = result;
    if (options.json) {
      await write(io.stdout, `${own.jsonText({ out: options.out, ...result })}\n`);
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
