import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import type { DefinitionLine } from '../definitions.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

/** Tools that are judged and printed at once. */
const JUDGED_TOGETHER = 100;

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
    const [{ readDefinitions }, { classifyTools }, { jsonText, publishTool }, { openInput }, { visible }] =
      await Promise.all([
        import('../definitions.ts'),
        import('../../classifier/classify.ts'),
        import('../published.ts'),
        import('../input.ts'),
        import('../../site/visible.ts'),
      ]);
    let faults = 0;
    let waiting: DefinitionLine['tools'] = [];
    const judge = async () => {
      const verdicts = classifyTools(waiting.map(({ tool }) => tool));
      const texts = waiting.map(({ server, tool }, index) => {
        const verdict = verdicts[index];
        return verdict === undefined ? '' : `${jsonText(publishTool(server, tool.name, verdict))}\n`;
      });
      waiting = [];
      if (texts.length > 0) await write(io.stdout, texts.join(''));
    };
    // Whoever writes to stdin may wait for each answer.
    const together = file === '-' ? 1 : JUDGED_TOGETHER;
    for await (const line of readDefinitions(await openInput(io, file))) {
      for (const fault of line.faults) {
        faults++;
        await write(io.stderr, `line ${line.number}: ${visible(fault)}\n`);
      }
      waiting.push(...line.tools);
      if (waiting.length >= together) await judge();
      if (io.signal.aborted) return EXIT.interrupted;
    }
    await judge();
    return faults === 0 ? EXIT.done : EXIT.usage;
  },
});
