import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addStateOption, gatewayPlace, type StateOptions } from '../gateway-state.ts';
import { write } from '../io.ts';

interface Options extends StateOptions {
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'grants-revoke',
  group: 'grants',
  summary: 'Take a grant back; a running gateway refuses its token from then on.',
  example: 'catalogue grants revoke laptop-claude',
  configure(command) {
    command.argument('<name>', 'as `catalogue grants list` shows it');
    addStateOption(command);
  },

  async run({ io, operands, options }) {
    const [{ openGrants }, { jsonText }] = await Promise.all([
      import('../../gateway/grants-file.ts'),
      import('../published.ts'),
    ]);
    const [name = ''] = operands;
    if (!openGrants(gatewayPlace(options, io).grants).revoke(name)) {
      throw usageError(
        `There is no grant ${JSON.stringify(name.slice(0, 100))}. \`catalogue grants list\` shows those there are.`,
      );
    }
    if (options.json) await write(io.stdout, `${jsonText({ revoked: name }, 2)}\n`);
    else await write(io.stderr, `Revoked ${name}.\n`);
    return EXIT.done;
  },
});
