import { defineCommand } from '../command.ts';
import { collect } from '../crawler-options.ts';
import { EXIT } from '../exit-codes.ts';
import { addStateOption, gatewayPlace, type StateOptions } from '../gateway-state.ts';
import { write } from '../io.ts';

interface Options extends StateOptions {
  expires?: string;
  server?: string[];
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'grants-add',
  group: 'grants',
  summary: 'Let a client speak to a gateway over HTTP, and print its token, once.',
  example: 'catalogue grants add laptop-claude --server files --expires 30d',
  configure(command) {
    command.argument('<name>', 'names the client in policies, counters and the audit log');
    command.option(
      '--server <key>',
      "a server that it opens, by its key in the gateway's configuration (repeatable; default: all servers)",
      collect,
    );
    command.option('--expires <when>', 'a span such as 24h or 30d, or a date (default: never)');
    addStateOption(command);
  },

  async run({ io, operands, options }) {
    const [{ openGrants }, { jsonText }, { instant }, { randomBytes }] = await Promise.all([
      import('../../gateway/grants-file.ts'),
      import('../published.ts'),
      import('../when.ts'),
      import('node:crypto'),
    ]);
    const [name = ''] = operands;
    const now = io.now();
    const { server: servers } = options;
    const expiresAt =
      options.expires === undefined ? undefined : instant(options.expires, '--expires', now, 'after');
    const token = openGrants(gatewayPlace(options, io).grants).add(name, {
      now,
      randomBytes,
      ...(expiresAt && { expiresAt }),
      ...(servers && { servers }),
    });
    if (options.json) {
      await write(
        io.stdout,
        `${jsonText({ name, token, expiresAt: expiresAt?.toISOString() ?? null, servers: servers ?? null }, 2)}\n`,
      );
      return EXIT.done;
    }
    const opened =
      servers === undefined ? 'all servers of the gateway (--server names some)' : servers.join(', ');
    const until = expiresAt === undefined ? 'until it is revoked' : `until ${expiresAt.toISOString()}`;
    await write(
      io.stderr,
      `${name} opens ${opened}, ${until}. Its token, which is not kept and cannot be shown again:\n`,
    );
    await write(io.stdout, `${token}\n`);
    return EXIT.done;
  },
});
