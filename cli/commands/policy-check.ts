import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

export const command = defineCommand<{ json?: boolean }>({
  id: 'policy-check',
  group: 'policy',
  summary: 'Say everything that is wrong with a policy document, and what is still to be filled in.',
  example: 'catalogue policy check policy.json',

  configure(command: Commander) {
    command
      .argument('<file>', 'a policy.json; - is stdin')
      .addHelpText(
        'after',
        '\nExits with 2 for a document that cannot be used, and with 10 for one that can,' +
          '\nbut has values that are to be filled in: until then they let nothing pass.',
      );
  },

  async run({ io, operands: [file = '-'], options }) {
    const [
      { parsePolicy, unfilledValues },
      { faultLines, inOrder, readPolicyText },
      { jsonText },
      { verdictText },
    ] = await Promise.all([
      import('../../policy/parse.ts'),
      import('../policy-file.ts'),
      import('../published.ts'),
      import('../policy-text.ts'),
    ]);
    const text = await readPolicyText(io, file);
    const parsed = parsePolicy(text);
    const faults = parsed.ok ? [] : inOrder(parsed.faults);
    const unfilled = parsed.ok ? unfilledValues(text) : [];
    if (options.json) {
      await write(io.stdout, `${jsonText({ ok: parsed.ok, faults, unfilled }, 2)}\n`);
    } else {
      await write(io.stdout, faultLines(file, [...faults, ...unfilled]));
    }
    if (!parsed.ok) return EXIT.usage;
    if (!options.json) await write(io.stderr, verdictText(file, parsed.document, unfilled));
    return unfilled.length === 0 ? EXIT.done : EXIT.threshold;
  },
});
