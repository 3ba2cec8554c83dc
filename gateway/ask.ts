import { canonicalHash } from '../crawler/canonical.ts';
import { isObject } from '../crawler/json.ts';
import type { ToolCall } from '../policy/evaluate.ts';
import type { Caller } from './contract.ts';
import { visible } from './fold.ts';
import { MAX_SHOWN_CHARS } from './limits.ts';
import type { Params } from './message.ts';

/**
 * What an approval is bound to: SHA-256, lower-case hex. Not to the session, because a client may come back over a new
 * connection before a person has answered.
 */
export function fingerprintOf(call: ToolCall, policyHash: string, { server, grant }: Caller): string {
  return canonicalHash({ tool: call.tool, arguments: call.args, policy: policyHash, server, grant });
}

/** The parameters of `elicitation/create` by which a person is asked whether one call may be made. */
export function questionAbout(call: ToolCall, server: string, reason: string): Params {
  return {
    mode: 'form',
    message: [
      `The policy asks for approval of this call: ${reason}`,
      `Server: ${visible(server)}`,
      `Tool: ${shownName(call.tool)}`,
      `Arguments: ${shownArguments(call.args)}`,
    ].join('\n'),
    requestedSchema: {
      type: 'object',
      properties: {
        decision: {
          type: 'string',
          title: 'Decision',
          description: 'Let this one call through?',
          enum: ['approve', 'deny'],
        },
      },
      required: ['decision'],
    },
  };
}

function shownName(name: string): string {
  return visible(JSON.stringify(name)).replaceAll('\n', '');
}

function shownArguments(args: Params): string {
  const text = visible(JSON.stringify(args, undefined, 2));
  if (text.length <= MAX_SHOWN_CHARS) return text;
  return `${text.slice(0, MAX_SHOWN_CHARS)}\n(${text.length - MAX_SHOWN_CHARS} more characters are not shown)`;
}

/** Whether the answer to that question lets the call through. Nothing but the plain yes does. */
export function isApproval(result: unknown): boolean {
  return (
    isObject(result) &&
    result.action === 'accept' &&
    isObject(result.content) &&
    result.content.decision === 'approve'
  );
}

/** Whether a client's capabilities say that it can show a form to its user (2025-06-18: any; 2025-11-25: `form`). */
export function canShowForm(capabilities: unknown): boolean {
  if (!isObject(capabilities) || !isObject(capabilities.elicitation)) return false;
  const { elicitation } = capabilities;
  return Object.keys(elicitation).length === 0 || isObject(elicitation.form);
}
