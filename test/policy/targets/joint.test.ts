import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../../policy/contract.ts';
import type { ServerPolicy } from '../../../policy/target.ts';
import { targets } from '../../../policy/targets/index.generated.ts';
import { ENFORCERS } from '../../support/enforcers.ts';

const ask = { require_approval: [{ conditions: [], on_deny: 'Ask.' }] };
const deny = { deny_if: [{ conditions: [], on_deny: 'No.' }] };

function policy(serverName: string, tools: PolicyDocument['tools'] = {}, hide: string[] = []): ServerPolicy {
  const document: PolicyDocument = { version: '1', default: 'deny', hide, tools };
  return { document, context: { serverName, tools: [...Object.keys(tools), ...hide] } };
}

/** Servers that share names of tools and do not agree about them; the last one's key few targets can write. */
const POLICIES = [
  policy('notes', { read: {}, write: ask, drop: deny }, ['secret']),
  policy('mail', { read: deny, write: {}, secret: {}, drop: ask }),
  policy('empty'),
  policy('odd key: "*"', { read: {}, write: ask }),
];

/** Two keys that a client may take for one. */
const ALIKE = [policy('my_notes', { read: {} }), policy('my notes', { read: deny })];

const joint = targets.filter(({ join }) => join !== undefined);

describe('a file of several servers', () => {
  test.each(joint)('of $id decides about each as a file of its own does', (target) => {
    const together = target.join?.(POLICIES);
    const decide = ENFORCERS[target.id];
    if (together === undefined || decide === undefined) throw new Error('nothing to compare');
    const all = decide(together.text);
    for (const { document, context } of POLICIES) {
      const alone = decide(target.emit(document, context).text);
      // Nor does it say more than that one about a server which neither names.
      const stranger = { server: 'stranger', tool: 'read', args: {} };
      expect(all(stranger)).toBe(alone(stranger));
      for (const tool of ['read', 'write', 'drop', 'secret', 'tomorrow']) {
        const call = { server: context.serverName, tool, args: {} };
        expect(all(call), `${context.serverName} ${tool}`).toBe(alone(call));
      }
    }
  });

  test.each(joint)('of $id lets nothing pass for a server whose key is like that of another', (target) => {
    const text = target.join?.(ALIKE).text ?? '';
    expect(ENFORCERS[target.id]?.(text)({ server: 'my notes', tool: 'read', args: {} })).not.toBe('allow');
  });

  test.each(joint)('of $id is, with one server in it, the file of that server', (target) => {
    for (const each of POLICIES)
      expect(target.join?.([each])).toEqual(target.emit(each.document, each.context));
  });
});
