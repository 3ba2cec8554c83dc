import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type Io, write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, locateCorrections, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'corrections',
  summary: 'List the corrections of verdicts and how each stands, or begin a new one.',
  example: 'catalogue corrections new playwright-mcp browser_close >> corrections/ours.yaml',

  configure(command: Commander) {
    command
      .argument('[new]', 'print an entry for a tool, to be filled in')
      .argument('[server]', 'a server of the catalogue, by its name in `catalogue list`')
      .argument('[tool]', 'one of its tools')
      .addHelpText('after', '\nIt ends with 11 when a correction is expired or about nothing that is known.');
    addDatabaseOption(command);
  },

  async run({ io, operands: [action, reference, tool], options }) {
    if (action !== undefined && (action !== 'new' || reference === undefined || tool === undefined)) {
      throw usageError('`catalogue corrections` takes nothing, or `new <server> <tool>`.');
    }
    return tool === undefined ? list(options, io) : begin(reference ?? '', tool, options, io);
  },
});

async function list(options: Options, io: Io) {
  const [
    { readCorrections, stateOf },
    { correctionsText, publishCorrection },
    { jsonText },
    { textColumns },
  ] = await Promise.all([
    import('../../catalogue/corrections.ts'),
    import('../corrections-report.ts'),
    import('../published.ts'),
    import('../terminal.ts'),
  ]);
  const folder = locateCorrections(options, io);
  const corrections = folder === undefined ? [] : await readCorrections(folder);
  const catalogue = await openCatalogueFor(options, io);
  const view = await catalogue.view().finally(() => catalogue.close());
  const surveyed = corrections.map((correction) => ({ ...correction, state: stateOf(correction, view) }));
  if (options.json) {
    const published = { folder: folder?.path ?? null, corrections: surveyed.map(publishCorrection) };
    await write(io.stdout, `${jsonText(published, 2)}\n`);
  } else if (surveyed.length === 0) {
    const where =
      folder === undefined ? 'No folder is named: give --corrections.' : `Looked in ${folder.path}.`;
    await write(io.stderr, `There are no corrections. ${where}\n`);
  } else {
    await write(io.stdout, correctionsText(surveyed, textColumns(io.stdout)));
  }
  return surveyed.some(({ state }) => state.status !== 'active') ? EXIT.idle : EXIT.done;
}

async function begin(reference: string, toolName: string, options: Options, io: Io) {
  const [{ findServer }, { correctionText }, { jsonText }, { visible, visibleJson }] = await Promise.all([
    import('../find-server.ts'),
    import('../../classifier/corrections.ts'),
    import('../published.ts'),
    import('../../site/visible.ts'),
  ]);
  const catalogue = await openCatalogueFor(options, io);
  const server = await findServer(catalogue, reference).finally(() => catalogue.close());
  const tools = server.tools.filter(
    ({ slug, definition }) => definition.name === toolName || slug === toolName,
  );
  if (tools.length === 0) {
    throw usageError(
      `${server.slug} has no tool '${visible(toolName)}'. \`catalogue show ${server.slug}\` lists those it has.`,
    );
  }
  // Two tools of one name and one definition are corrected by one entry.
  const distinct = [...new Map(tools.map((tool) => [tool.definition.hash, tool])).values()];
  const entries = distinct.map(({ definition, classification }) =>
    visibleJson(correctionText(server.id, definition.name, classification)),
  );
  await write(io.stdout, options.json ? `${jsonText({ entries })}\n` : entries.join(''));
  return EXIT.done;
}
