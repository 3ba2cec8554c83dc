import type { Command as Commander } from 'commander';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

interface Options {
  failOn?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'policy-diff',
  group: 'policy',
  summary: 'Say for each tool whether a new policy is looser or stricter than the old one, and how.',
  example: 'catalogue policy diff old.json new.json --fail-on looser',

  configure(command: Commander) {
    command
      .argument('<old>', 'a policy.json; - is stdin')
      .argument('<new>', 'a policy.json')
      .option(
        '--fail-on <direction>',
        'looser: exit with 10 when a change may let more through; any: at any change',
      )
      .addHelpText(
        'after',
        '\nLooser and stricter are proven for every call. A change that is neither is' +
          '\ncalled "changed": it may be looser for some calls, and counts for --fail-on' +
          '\nlooser.',
      );
  },

  async run({ io, operands: [before = '', after = ''], options }) {
    if (options.failOn !== undefined && !['looser', 'any'].includes(options.failOn)) {
      throw usageError(`--fail-on takes looser or any, not '${options.failOn}'.`);
    }
    const [{ comparePolicies }, { readPolicy }, { jsonText }, { changesText, directionsText }, { room }] =
      await Promise.all([
        import('../../policy/compare.ts'),
        import('../policy-file.ts'),
        import('../published.ts'),
        import('../policy-text.ts'),
        import('../cells.ts'),
      ]);
    const changes = comparePolicies(await readPolicy(io, before), await readPolicy(io, after));
    if (options.json) {
      const published = changes.map(({ tool = null, ...change }) => ({ tool, ...change }));
      await write(io.stdout, `${jsonText({ changes: published }, 2)}\n`);
    } else {
      await write(io.stdout, changesText(changes, room(io.stdout)));
      const sum = changes.length === 0 ? 'Both decide every call alike' : directionsText(changes);
      await write(io.stderr, `${sum}.\n`);
    }
    const counts = changes.filter(({ direction }) => options.failOn === 'any' || direction !== 'stricter');
    return options.failOn !== undefined && counts.length > 0 ? EXIT.threshold : EXIT.done;
  },
});
