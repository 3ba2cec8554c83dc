import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'list',
  summary: 'List the servers of the catalogue.',
  example: 'catalogue list',
  configure: addDatabaseOption,

  async run({ io, options }) {
    const [{ countTools }, { jsonText }, { table }, { visible }, { day }] = await Promise.all([
      import('../tool-lines.ts'),
      import('../published.ts'),
      import('../terminal.ts'),
      import('../../site/visible.ts'),
      import('../../site/words.ts'),
    ]);
    const catalogue = await openCatalogueFor(options, io);
    const view = await catalogue.view().finally(() => catalogue.close());
    const servers = view.servers.map((server) => {
      const tools = server.tools.map(({ definition, classification }) => ({
        name: definition.name,
        classification,
      }));
      return { server, ...countTools(tools) };
    });

    if (options.json) {
      const list = servers.map(({ server, categories, critical, corrected, reviewed }) => ({
        server: server.slug,
        id: server.id,
        label: server.label,
        status: server.lastScan.status,
        scannedAt: server.lastScan.observedAt,
        tools: server.listing === undefined ? null : server.tools.length,
        categories,
        critical,
        corrected,
        reviewed,
      }));
      await write(io.stdout, `${jsonText({ servers: list }, 2)}\n`);
      return EXIT.done;
    }
    if (servers.length === 0) {
      await write(io.stderr, 'The catalogue is empty. `catalogue scan npm:<package>` adds a server.\n');
      return EXIT.done;
    }
    const rows = servers.map(({ server, categories, critical, corrected, reviewed }) => {
      const numbers = [server.tools.length, categories.Read, categories.Write, categories.Execute, critical];
      const { status, observedAt } = server.lastScan;
      const marks = [corrected > 0 && `${corrected} corrected`, reviewed > 0 && `${reviewed} reviewed`];
      return [
        visible(server.slug),
        ...(server.listing === undefined ? numbers.map(() => '–') : numbers),
        [day(observedAt), status !== 'complete' && status, ...marks]
          .filter((part) => part !== false)
          .join(' '),
      ];
    });
    const header = ['Server', 'Tools', 'Read', 'Write', 'Exec', 'Crit', 'Scanned'];
    await write(io.stdout, table(header, rows));
    return EXIT.done;
  },
});
