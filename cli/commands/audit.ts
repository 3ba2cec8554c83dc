import { resolve } from 'node:path';
import { usageError } from '../../crawler/fault.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addStateOption, gatewayPlace, type StateOptions } from '../gateway-state.ts';
import { write } from '../io.ts';

interface Options extends StateOptions {
  since?: string;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'audit',
  summary: "Sum up a gateway's audit log: calls, decisions, what was stopped, latencies.",
  example: 'catalogue audit --since 24h',
  configure(command) {
    command.argument(
      '[file]',
      "an audit log; those rotated away from it are read too (default: the gateway's)",
    );
    command.option('--since <when>', 'only what is newer: a span such as 90m, 24h or 7d, or a date');
    addStateOption(command);
  },

  async run({ io, operands, options }) {
    const [{ auditFiles }, { readAudit, summarise }, { auditText }, { jsonText }, { instant }, { room }] =
      await Promise.all([
        import('../../gateway/audit-file.ts'),
        import('../../gateway/audit-summary.ts'),
        import('../audit-text.ts'),
        import('../published.ts'),
        import('../when.ts'),
        import('../cells.ts'),
      ]);
    const [named] = operands;
    const path = named === undefined ? gatewayPlace(options, io).audit : resolve(io.cwd, named);
    const since =
      options.since === undefined ? undefined : instant(options.since, '--since', io.now(), 'before');
    const files = auditFiles(path);
    if (files.length === 0) {
      throw usageError(
        `There is no audit log ${path}. A gateway writes one as soon as it is used; --state names another place.`,
      );
    }
    const summary = await summarise(readAudit(files, since));
    if (options.json) await write(io.stdout, `${jsonText(summary, 2)}\n`);
    else {
      await write(io.stderr, `Audit log ${path}:\n`);
      await write(io.stdout, auditText(summary, room(io.stdout)));
    }
    return EXIT.done;
  },
});
