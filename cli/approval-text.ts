import type { ApprovalEntry } from '../policy/approval.ts';
import { visible } from '../site/visible.ts';
import { span } from './when.ts';

/** An approval as it is printed for programs: times in ISO 8601, the arguments as JSON. */
export function publishApproval({
  askedAt,
  expiresAt,
  answeredAt,
  ...entry
}: ApprovalEntry): Record<string, unknown> {
  return {
    ...entry,
    arguments: JSON.parse(entry.arguments),
    askedAt: new Date(askedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ...(answeredAt !== undefined && { answeredAt: new Date(answeredAt).toISOString() }),
  };
}

/** An approval for people: whose call of what with which arguments, and why it is asked for. */
export function approvalText(entry: ApprovalEntry, now: Date): string {
  const ms = now.getTime();
  const ends = entry.state === 'pending' || entry.state === 'approved' || entry.state === 'denied';
  const until = ends ? `, ends in ${span(entry.expiresAt - ms)}` : '';
  const { answeredAt, answeredBy = 'unknown' } = entry;
  return [
    `${entry.id}  ${entry.state}`,
    `  Time:      asked ${span(ms - entry.askedAt)} ago${until}`,
    ...(answeredAt === undefined ? [] : [`  Answered:  ${span(ms - answeredAt)} ago by ${name(answeredBy)}`]),
    `  Server:    ${name(entry.server)}`,
    `  Client:    ${name(entry.grant)}`,
    `  Tool:      ${name(entry.tool)}`,
    `  Rule:      ${name(entry.rule)}`,
    `  Reason:    ${visible(entry.message)}`,
    `  Arguments: ${argumentsText(entry)}`,
    '',
  ].join('\n');
}

function argumentsText({ arguments: text, cut }: ApprovalEntry): string {
  const pretty = JSON.stringify(JSON.parse(text), undefined, 2).replaceAll('\n', '\n             ');
  const masked = pretty.includes('***') ? '\n             (*** stands for what looks like a secret)' : '';
  const short = cut ? '\n             (not all of it is shown: it is too long)' : '';
  return `${visible(pretty, { lines: true })}${masked}${short}`;
}

/** In quotation marks, so that a name cannot pretend to be more than one. */
function name(text: string): string {
  return visible(JSON.stringify(text));
}
