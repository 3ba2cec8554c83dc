import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  out: string;
  as?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'pin',
  summary: 'Write down the definitions that servers have now, so that a change is noticed.',
  example: 'catalogue pin playwright-mcp',

  configure(command: Commander) {
    command
      .argument('<server...>', 'servers of the catalogue, by their names in `catalogue list`')
      .option('-o, --out <file>', 'the file; other servers in it are kept', 'catalogue.lock.json')
      .option(
        '--as <key>',
        'the key that the gateway has for the server (default: its name in `catalogue list`)',
      )
      .addHelpText(
        'after',
        '\n`catalogue scan --locked` fails when a server is not as it was pinned, and' +
          '\n`catalogue gateway --lock` denies each tool that is not.',
      );
    addDatabaseOption(command);
  },

  async run({ io, operands, options }) {
    const [{ findServer }, { pinServers }, { jsonText }, { count, minute }] = await Promise.all([
      import('../find-server.ts'),
      import('../pin.ts'),
      import('../published.ts'),
      import('../../site/words.ts'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    try {
      const servers = [];
      for (const reference of operands) servers.push(await findServer(catalogue, reference));
      const distinct = [...new Map(servers.map((server) => [server.slug, server])).values()];
      const pinned = await pinServers(distinct, { file: options.out, key: options.as }, io);
      if (options.json) {
        await write(io.stdout, `${jsonText({ file: options.out, pinned }, 2)}\n`);
        return EXIT.done;
      }
      const lines = pinned.map(({ server, key, observedAt, tools, new: fresh, changed, gone }) => {
        const counts = `${fresh.length} new, ${changed.length} changed, ${gone.length} gone`;
        return `Pinned ${count(tools, 'tool')} of ${server} as ${key} in ${options.out}, as listed ${minute(observedAt)}: ${counts}.\n`;
      });
      await write(io.stdout, lines.join(''));
      return EXIT.done;
    } finally {
      await catalogue.close();
    }
  },
});
