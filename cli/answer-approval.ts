import type { Command as Commander } from 'commander';
import { usageError } from '../crawler/fault.ts';
import type { Invocation } from './command.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import {
  addStateOption,
  approvalsPlace,
  gatewayPlace,
  type StateOptions,
  withApprovals,
} from './gateway-state.ts';
import { write } from './io.ts';

export interface AnswerOptions extends StateOptions {
  by?: string;
  json?: boolean;
}

/** Declares what `approvals approve` and `approvals deny` take. */
export function configureAnswer(command: Commander): void {
  command.argument('<id>', 'as `catalogue approvals list` shows it');
  command.option('--by <name>', 'who answers, for the record (default: $USER)');
  addStateOption(command);
}

/** Answers one request for approval, and says what exactly was approved or denied. */
export async function answerApproval(
  { io, operands, options }: Invocation<AnswerOptions>,
  answer: 'approve' | 'deny',
): Promise<Exit> {
  const [{ approvalText, publishApproval }, { jsonText }, { span }] = await Promise.all([
    import('./approval-text.ts'),
    import('./published.ts'),
    import('./when.ts'),
  ]);
  const [id = ''] = operands;
  const by = (options.by ?? io.env.USER ?? io.env.USERNAME ?? 'unknown').slice(0, MAX_BY_CHARS);
  const now = io.now();
  const place = gatewayPlace(options, io);
  const where = `Approvals are looked for in ${approvalsPlace(place)}; --state names another place.`;
  const answered = await withApprovals(place, io, async (approvals) => {
    const given = await approvals[answer](id, by, now.getTime());
    if (given.ok) return given;
    const isKnown = (await approvals.list(now.getTime(), 'all')).some((entry) => entry.id === id);
    return isKnown ? given : { ...given, message: `${given.message} ${where}` };
  });
  if (answered === undefined) throw usageError(`No gateway has asked for an approval yet. ${where}`);
  if (!answered.ok) throw usageError(answered.message);
  const { entry } = answered;
  if (options.json) {
    await write(io.stdout, `${jsonText(publishApproval(entry), 2)}\n`);
    return EXIT.done;
  }
  const meaning =
    answer === 'approve'
      ? `Approved: this one call with exactly these arguments, once, within ${span(entry.expiresAt - now.getTime())}, ` +
        'while the policy stays as it is.'
      : `Denied: this call with these arguments, for ${span(entry.expiresAt - now.getTime())}.`;
  await write(io.stdout, `${approvalText(entry, now)}${meaning}\n`);
  return EXIT.done;
}

/** A name, and not a letter to those who read the list. */
const MAX_BY_CHARS = 100;
