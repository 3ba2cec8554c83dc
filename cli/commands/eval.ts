import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';

/** More of one kind say no more. */
const MAX_FAULTS_SHOWN = 20;

export const command = defineCommand<{ labels: string[]; definitions: string[]; json?: boolean }>({
  id: 'eval',
  summary: 'Measure how often the classifier is right, on tools that people have labelled.',
  example: 'catalogue eval --labels labels.jsonl --definitions captures.jsonl.gz',

  configure(command: Commander) {
    const collect = (file: string, files: string[] = []) => [...files, file];
    command
      .requiredOption('--labels <file>', 'labels, one JSON object a line; may be repeated', collect)
      .requiredOption(
        '--definitions <file>',
        'definitions or captures, one a line, .gz too; may be repeated',
        collect,
      )
      .addHelpText('after', HELP);
  },

  async run({ io, options }) {
    const [{ evaluate }, { accuracyReport }, { evalText }, { jsonText }, { visible }] = await Promise.all([
      import('../eval.ts'),
      import('../../classifier/accuracy/report.ts'),
      import('../eval-report.ts'),
      import('../published.ts'),
      import('../../site/visible.ts'),
    ]);
    const { sets, faults } = await evaluate(io, options);
    const report = accuracyReport(sets);
    await write(io.stdout, options.json ? `${jsonText(report, 2)}\n` : evalText(report, io));
    for (const fault of faults.slice(0, MAX_FAULTS_SHOWN)) await write(io.stderr, `${visible(fault)}\n`);
    const more = faults.length - MAX_FAULTS_SHOWN;
    if (more > 0) await write(io.stderr, `and ${more} more like these\n`);
    return faults.length === 0 ? EXIT.done : EXIT.usage;
  },
});

const HELP = `
Label files are known by their fields: our own corpus (server, name, label), hand
labels (package, tool, category, …), five classes (server, name, category),
authors' hints (server, name, readOnly, destructiveHint), signals only (server,
name, signals). A label finds its definition by server and tool name; of several
definitions the first counts, and the report says how many had different text.

The servers' own annotations are taken out of every definition before it is
judged: where they are the label it would be copying the answer, and elsewhere
the figure should say what the text alone gives. Where they are not the label, one
line says what comes out with the annotations left in.

Beside each figure stands what a plain list of verbs gets on the same labels.
Intervals are 95 %: Wilson score for a share, bootstrap over the servers for a
mean over servers. The exit code is 2 when a label has no definition or a line
could not be read; the report then covers the rest.`;
