import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../../policy/contract.ts';
import { evaluate } from '../../../policy/evaluate.ts';
import { parsePolicy } from '../../../policy/parse.ts';
import { target as gateway } from '../../../policy/targets/gateway.ts';
import { target } from '../../../policy/targets/policy-json.ts';
import { anyCall, anyDocument, TOOLS } from '../../support/policies.ts';

const CONTEXT = { serverName: 's', tools: TOOLS };

function written(document: PolicyDocument, by = target): PolicyDocument {
  const parsed = parsePolicy(by.emit(document, CONTEXT).text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}

describe('policy.json', () => {
  const document: PolicyDocument = {
    version: '1',
    default: 'deny',
    hide: ['odd'],
    methods: { sampling: 'deny' },
    all_tools: { limits: [{ counter: 'all', window: 'hour', max: 500, scope: 'grant' }] },
    tools: {
      list: {},
      create: { limits: [{ counter: 'create_rate', window: 'minute', max: 30, scope: 'grant' }] },
      spend: {
        limits: [{ counter: 'sum', window: 'day', max: 9, scope: 'grant', increment_from: 'args.n' }],
      },
      busy: { limits: [{ counter: 'b', window: 'day', max: 9, scope: 'server' }] },
      pay: { require_approval: [{ conditions: [], on_deny: 'Requires human approval.' }] },
      send: {
        require_approval: [
          { conditions: [{ path: 'args.to', op: 'neq', value: 'me' }], on_deny: 'Only to me.' },
        ],
      },
      each: {
        require: [
          { conditions: [{ path: 'args.urls[]', op: 'regex', value: '^https://' }], on_deny: 'https' },
        ],
      },
    },
  };

  test('writes what the published dialect can say, and denies the rest', () => {
    const no = (message: string) => ({ deny_if: [{ conditions: [], on_deny: message }] });
    expect(written(document)).toEqual({
      version: '1',
      default: 'deny',
      hide: ['odd'],
      all_tools: document.all_tools,
      tools: {
        list: {},
        create: document.tools?.create,
        spend: no('The policy allows 9 of args.n a day for each grant.'),
        busy: {},
        pay: no('Requires human approval.'),
        send: { deny_if: document.tools?.send?.require_approval },
        each: no('https'),
      },
    });
  });

  test('names everything that it lost', () => {
    expect(target.emit(document, CONTEXT).losses).toEqual([
      'Arguments are not looked at here as the document says, so every call is denied: each, spend.',
      'Denied beside tools, and not enforced here: sampling.',
      'Nobody can be asked for approval here, so calls that need it are denied: send.',
      'Nobody can be asked for approval here, so every call is denied: pay.',
      'The limit of 9 calls a day over all clients of the server is not kept: busy.',
    ]);
  });

  test('is, limits over several clients apart, never looser than the document, also for a tool that came later', () => {
    const STRICTNESS = ['allow', 'ask', 'deny'];
    fc.assert(
      fc.property(anyDocument, anyCall, fc.nat({ max: 3 }), (any, call, used) => {
        const really = evaluate(any, call, () => used);
        if (really.outcome === 'deny' && really.rule.includes('/limits/')) return;
        const { outcome } = evaluate(written(any), call, () => used);
        expect(STRICTNESS.indexOf(outcome)).toBeGreaterThanOrEqual(STRICTNESS.indexOf(really.outcome));
      }),
      { numRuns: 2_000 },
    );
  });
});

test('the gateway gets the document as it is, and loses nothing of it', () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      expect(written(document, gateway)).toEqual(document);
      expect(gateway.emit(document, CONTEXT).losses).toEqual([]);
    }),
  );
});
