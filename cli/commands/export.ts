import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import { addDatabaseOption, type DatabaseOptions, openCatalogueFor } from '../location.ts';

interface Options extends DatabaseOptions {
  target: string;
  output?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'export',
  summary: "Write a server's recommended policy.json.",
  example: 'catalogue export playwright-mcp -o policy.json',

  configure(command: Commander) {
    command
      .argument('<server>', 'a server of the catalogue, by its name in `catalogue list`')
      .option('--target <id>', 'what the policy is written for', 'policy-json')
      .option('-o, --output <file>', 'write to a file instead of stdout');
    addDatabaseOption(command);
  },

  async run({ io, operands: [reference = ''], options }) {
    const [{ findServer }, { recommend }, { targets }, { jsonText }, { visibleJson }, { writeFileWhole }] =
      await Promise.all([
        import('../find-server.ts'),
        import('../../policy/recommend.ts'),
        import('../../policy/targets/index.generated.ts'),
        import('../published.ts'),
        import('../../site/visible.ts'),
        import('../files.ts'),
      ]);
    const target = targets.find(({ id }) => id === options.target);
    if (target === undefined) {
      throw usageError(
        `--target takes one of ${targets.map(({ id }) => id).join(', ')}, not '${options.target}'.`,
      );
    }
    const catalogue = await openCatalogueFor(options, io);
    const server = await findServer(catalogue, reference).finally(() => catalogue.close());
    if (server.listing === undefined) {
      await write(
        io.stderr,
        `catalogue: ${server.slug} has never been listed, so there is no policy for it. ` +
          `\`catalogue show ${server.slug}\` says why.\n`,
      );
      return EXIT.unlisted;
    }

    const policy = recommend(
      server.tools.map(({ definition, classification }) => ({ name: definition.name, classification })),
    );
    const exported = target.emit(policy);
    const text = visibleJson(exported.text);
    if (options.output !== undefined) {
      await writeFileWhole(io, options.output, text).catch((error: Error) => {
        throw usageError(`${options.output} cannot be written: ${error.message}.`);
      });
    }
    if (options.json) {
      const { losses } = exported;
      const file = options.output ?? null;
      await write(
        io.stdout,
        `${jsonText({ server: server.slug, target: target.id, file, policy, losses }, 2)}\n`,
      );
    } else if (options.output === undefined) {
      await write(io.stdout, text);
    } else {
      await write(
        io.stderr,
        `Wrote ${options.output}: a rule for each of ${server.tools.length} tools of ${server.slug}.\n`,
      );
    }
    return EXIT.done;
  },
});
