import type { Command as Commander } from 'commander';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { write } from '../io.ts';
import type { DecidedCall } from '../policy-text.ts';

export const command = defineCommand<{ json?: boolean }>({
  id: 'policy-test',
  group: 'policy',
  summary: 'Decide calls from a JSONL file by a policy, as the gateway would.',
  example: 'catalogue policy test policy.json calls.jsonl',

  configure(command: Commander) {
    command
      .argument('<policy>', 'a policy.json')
      .argument('<calls>', 'one call a line; - is stdin')
      .addHelpText(
        'after',
        '\nA line is {"tool", "args", "at", "grant", "session", "server", "approved",' +
          '\n"expect"}; all but "tool" may be left out. Limits are counted from line to line:' +
          '\n"at" is the time of the call (ISO 8601), else that of the line before. Exits' +
          '\nwith 10 when a decision is not the one that "expect" (allow, ask or deny) names.',
      );
  },

  async run({ io, operands: [policy = '', calls = '-'], options }) {
    const [
      { readPolicy },
      { readCalls },
      { openSimulation },
      { openInput },
      { jsonText },
      { decisionsText },
      { room },
      { count },
      { visible },
    ] = await Promise.all([
      import('../policy-file.ts'),
      import('../policy-calls.ts'),
      import('../../policy/simulate.ts'),
      import('../input.ts'),
      import('../published.ts'),
      import('../policy-text.ts'),
      import('../cells.ts'),
      import('../../site/words.ts'),
      import('../../site/visible.ts'),
    ]);
    const decide = openSimulation(await readPolicy(io, policy));
    const rows: DecidedCall[] = [];
    let faults = 0;
    for await (const read of readCalls(await openInput(io, calls))) {
      if (!read.ok) {
        faults++;
        await write(io.stderr, `line ${read.number}: ${visible(read.fault)}\n`);
        continue;
      }
      const decision = decide(read.call);
      const { rule = null, message = null } = decision.outcome === 'allow' ? {} : decision;
      const expected = read.expect ?? null;
      rows.push({
        line: read.number,
        tool: read.call.tool,
        decision: decision.outcome,
        rule,
        message,
        expected,
      });
    }
    const missed = rows.filter(({ decision, expected }) => expected !== null && expected !== decision);
    if (options.json)
      await write(io.stdout, `${jsonText({ calls: rows, missed: missed.length, unread: faults }, 2)}\n`);
    else await write(io.stdout, decisionsText(rows, room(io.stdout)));
    if (missed.length > 0) {
      const lines = missed.map(({ line }) => line).join(', ');
      await write(io.stderr, `Not as expected: ${count(missed.length, 'call')}, in line ${lines}.\n`);
    }
    if (faults > 0) return EXIT.usage;
    return missed.length > 0 ? EXIT.threshold : EXIT.done;
  },
});
