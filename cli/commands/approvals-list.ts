import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import {
  addStateOption,
  approvalsPlace,
  gatewayPlace,
  type StateOptions,
  stateWords,
  withApprovals,
} from '../gateway-state.ts';
import { write } from '../io.ts';

interface Options extends StateOptions {
  all?: boolean;
  json?: boolean;
}

export const command = defineCommand<Options>({
  id: 'approvals-list',
  group: 'approvals',
  summary: 'List the calls that wait for approval, and the approvals not used yet.',
  example: 'catalogue approvals list',
  configure(command) {
    command.option('--all', 'also those that were used, denied or have expired');
    addStateOption(command);
  },

  async run({ io, options }) {
    const [{ approvalText, publishApproval }, { jsonText }] = await Promise.all([
      import('../approval-text.ts'),
      import('../published.ts'),
    ]);
    const now = io.now();
    const place = gatewayPlace(options, io);
    const kept = await withApprovals(place, io, (approvals) =>
      approvals.list(now.getTime(), options.all ? 'all' : 'live'),
    );
    const entries = kept ?? [];
    if (options.json) {
      await write(io.stdout, `${jsonText({ approvals: entries.map(publishApproval) }, 2)}\n`);
      return EXIT.done;
    }
    if (entries.length === 0)
      await write(
        io.stderr,
        options.all
          ? `No call was asked about in ${approvalsPlace(place)}.\n`
          : `No call waits for approval in ${approvalsPlace(place)}.\n`,
      );
    await write(io.stdout, entries.map((entry) => approvalText(entry, now)).join('\n'));
    if (entries.some(({ state }) => state === 'pending')) {
      await write(
        io.stderr,
        `\n\`catalogue approvals approve <id>${stateWords(options, io)}\` lets one call through, once.\n`,
      );
    }
    return EXIT.done;
  },
});
