import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'show',
  summary: 'Show what the catalogue knows of a server, or of one of its tools.',
  example: 'catalogue show playwright-mcp browser_navigate',

  configure(command: Commander) {
    command
      .argument('<server>', 'a server of the catalogue, by its name in `catalogue list`')
      .argument('[tool]', 'one of its tools');
    addDatabaseOption(command);
  },

  async run({ io, operands: [reference = '', toolName], options }) {
    const [{ findServer }, { serverText, toolText, publishServer }, { jsonText, publishTool }, { visible }] =
      await Promise.all([
        import('../find-server.ts'),
        import('../datasheet.ts'),
        import('../published.ts'),
        import('../../site/visible.ts'),
      ]);
    const catalogue = await openCatalogueFor(options, io);
    const server = await findServer(catalogue, reference).finally(() => catalogue.close());
    if (toolName === undefined) {
      const text = options.json ? `${jsonText(publishServer(server), 2)}\n` : serverText(server, io);
      await write(io.stdout, text);
      return EXIT.done;
    }

    const tools = server.tools.filter(
      ({ slug, definition }) => definition.name === toolName || slug === toolName,
    );
    if (tools.length === 0) {
      throw usageError(
        `${server.slug} has no tool '${visible(toolName)}'. \`catalogue show ${server.slug}\` lists those it has.`,
      );
    }
    for (const tool of tools) {
      const published = publishTool(server.slug, tool.definition.name, tool.classification);
      await write(io.stdout, options.json ? `${jsonText(published, 2)}\n` : toolText(server, tool, io));
    }
    return EXIT.done;
  },
});
