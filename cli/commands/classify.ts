import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

export const command = defineCommand<{ json?: boolean }>({
  id: 'classify',
  summary: 'Judge tool definitions from a JSONL file, without a catalogue or a network.',
  example: 'catalogue classify definitions.jsonl > verdicts.jsonl',

  configure(command: Commander) {
    command
      .argument('<file>', 'one tool definition or one capture ({"server", "tools"}) a line; - is stdin')
      .addHelpText(
        'after',
        '\nIt prints one JSON line for each tool, in the order of the input, with or without --json.',
      );
  },

  async run({ io, operands: [file = '-'] }) {
    const [{ readDefinitions }, { classifyTool }, { jsonText, publishTool }, { openInput }, { visible }] =
      await Promise.all([
        import('../definitions.ts'),
        import('../../classifier/classify.ts'),
        import('../published.ts'),
        import('../input.ts'),
        import('../../site/visible.ts'),
      ]);
    let faults = 0;
    for await (const line of readDefinitions(await openInput(io, file))) {
      for (const fault of line.faults) {
        faults++;
        await write(io.stderr, `line ${line.number}: ${visible(fault)}\n`);
      }
      const verdicts = line.tools.map(({ server, tool }) =>
        publishTool(server, tool.name, classifyTool(tool)),
      );
      if (verdicts.length > 0)
        await write(io.stdout, verdicts.map((verdict) => `${jsonText(verdict)}\n`).join(''));
      if (io.signal.aborted) return EXIT.interrupted;
    }
    return faults === 0 ? EXIT.done : EXIT.usage;
  },
});
