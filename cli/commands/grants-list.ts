import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addStateOption, gatewayPlace, type StateOptions } from '../gateway-state.ts';
import { write } from '../io.ts';

interface Options extends StateOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'grants-list',
  group: 'grants',
  summary: 'List who may speak to a gateway over HTTP.',
  example: 'catalogue grants list',
  configure: addStateOption,

  async run({ io, options }) {
    const [{ isValid, openGrants }, { jsonText }, { table }, { minute }] = await Promise.all([
      import('../../gateway/grants-file.ts'),
      import('../published.ts'),
      import('../terminal.ts'),
      import('../../site/words.ts'),
    ]);
    const now = io.now();
    const grants = openGrants(gatewayPlace(options, io).grants)
      .list()
      .map((grant) => ({
        name: grant.name,
        createdAt: grant.createdAt,
        expiresAt: grant.expiresAt ?? null,
        servers: grant.servers ?? null,
        valid: isValid(grant, now),
      }));
    if (options.json) {
      await write(io.stdout, `${jsonText({ grants }, 2)}\n`);
      return EXIT.done;
    }
    if (grants.length === 0) {
      await write(io.stderr, 'There are no grants. `catalogue grants add <name>` makes one.\n');
      return EXIT.done;
    }
    const rows = grants.map(({ name, createdAt, expiresAt, servers, valid }) => [
      name,
      valid ? 'valid' : 'expired',
      minute(createdAt),
      expiresAt === null ? 'never' : minute(expiresAt),
      servers?.join(', ') ?? 'all',
    ]);
    await write(io.stdout, table(['Grant', 'State', 'Made', 'Expires', 'Servers'], rows));
    return EXIT.done;
  },
});
