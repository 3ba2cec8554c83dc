import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type Exit } from '../exit-codes.ts';
import { type Io, write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  all?: boolean;
  clients?: boolean;
  target: string;
  profile: string;
  serverName?: string;
  strict?: boolean;
  explain?: boolean;
  output?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'export',
  summary: 'Write the recommended policy of a server for the place that enforces it.',
  example: 'catalogue export playwright-mcp --target gateway -o policy.json',

  configure(command: Commander) {
    command
      .argument('[server]', 'a server of the catalogue, by its name in `catalogue list`')
      .option('--all', 'every server of the catalogue, one file each in the folder -o')
      .option('--clients', 'the servers that the MCP clients on this machine are set up with, likewise')
      .option('--target <id>', 'what the policy is written for; `list` shows all', 'policy-json')
      .option('--profile <name>', 'read-only, recommended or strict', 'recommended')
      .option(
        '--server-name <key>',
        "the server's key in your own configuration (default: its name in the catalogue)",
      )
      .option('--strict', 'write nothing, and exit with 2, where the target cannot say all of it')
      .option('--explain', 'say what led to each rule: in <file>.why.md beside -o, else on stderr')
      .option('-o, --output <file>', 'write to a file instead of stdout')
      .addHelpText('after', '\nWhat the target cannot say goes to stderr, after the policy.');
    addDatabaseOption(command);
  },

  async run({ io, operands, options }) {
    const { all = false, clients = false, serverName } = options;
    if (options.target === 'list') return listTargets(io, options.json);
    checkUsage(operands, options);
    const [
      { exportPaths, exportServer, profileOf, targetOf, tellAbout, wantedServers },
      { jsonText },
      { writeFileWhole },
      { count },
    ] = await Promise.all([
      import('../export.ts'),
      import('../published.ts'),
      import('../files.ts'),
      import('../../site/words.ts'),
    ]);
    const target = targetOf(options.target);
    const profile = profileOf(options.profile);
    const catalogue = await openCatalogueFor(options, io);
    const wanted = await wantedServers(
      { references: operands, all, clients, serverName },
      catalogue,
      io,
    ).finally(() => catalogue.close());

    const listed = wanted.filter(({ server }) => server.listing !== undefined);
    for (const { server } of wanted.filter((each) => !listed.includes(each))) {
      await write(
        io.stderr,
        `catalogue: ${server.slug} has never been listed, so there is no policy for it. ` +
          `\`catalogue show ${server.slug}\` says why.\n`,
      );
    }
    const isSingle = !all && !clients;
    if (isSingle && listed.length === 0) return EXIT.unlisted;
    const exports = listed.map((each) => exportServer(each, target, profile));
    const { output } = options;
    const files = isSingle ? [output] : exportPaths(output ?? '', exports);
    const isRefused = options.strict === true && exports.some(({ losses }) => losses.length > 0);

    const save = (file: string, text: string) =>
      writeFileWhole(io, file, text).catch((error: Error) => {
        throw usageError(`${file} cannot be written: ${error.message}.`);
      });
    for (const [index, { text, why, server }] of isRefused ? [] : exports.entries()) {
      const file = files[index];
      if (file !== undefined) await save(file, text);
      else if (!options.json) await write(io.stdout, text);
      const whyFile = options.explain && file !== undefined ? `${file}.why.md` : undefined;
      if (whyFile !== undefined) await save(whyFile, why());
      else if (options.explain) await write(io.stderr, why());
      if (file !== undefined && !options.json) {
        await write(io.stderr, `Wrote ${file}: ${count(server.tools.length, 'tool')} of ${server.slug}.\n`);
        if (whyFile !== undefined) await write(io.stderr, `Wrote ${whyFile}: what led to each rule.\n`);
      }
    }
    if (options.json) {
      const published = exports.map(({ server, policy, text, losses, unfilled }, index) => {
        const file = isRefused ? null : (files[index] ?? null);
        return { server: server.slug, target: target.id, profile, file, policy, text, losses, unfilled };
      });
      await write(io.stdout, `${jsonText(isSingle ? published[0] : { exports: published }, 2)}\n`);
    }
    for (const each of exports) await tellAbout(each, target, io);
    if (isRefused) {
      await write(io.stderr, 'catalogue: nothing was written, because --strict was given.\n');
      return EXIT.usage;
    }
    return exports.length < wanted.length && !all ? EXIT.unlisted : EXIT.done;
  },
});

/** What `--target` takes. */
async function listTargets(io: Io, json = false): Promise<Exit> {
  const [{ targets }, { table }, { jsonText }] = await Promise.all([
    import('../../policy/targets/index.generated.ts'),
    import('../terminal.ts'),
    import('../published.ts'),
  ]);
  const ids = targets.map(({ id, title }) => ({ id, title }));
  const text = json
    ? `${jsonText({ targets: ids }, 2)}\n`
    : table(
        ['Target', 'Written for'],
        ids.map(({ id, title }) => [id, title]),
      );
  await write(io.stdout, text);
  return EXIT.done;
}

function checkUsage(operands: readonly string[], { all, clients, output, json, serverName }: Options): void {
  if (serverName?.trim() === '')
    throw usageError('--server-name is empty. Give the key that the client has.');
  const ways = [operands.length > 0, all === true, clients === true].filter((way) => way).length;
  if (ways !== 1) throw usageError('name one server, or give --all or --clients.');
  if (operands.length > 0) return;
  if (serverName !== undefined) throw usageError('--server-name is for one server.');
  if (output === undefined && !json)
    throw usageError('--all and --clients write a file for each server: name the folder with -o.');
}
