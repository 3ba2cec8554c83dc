import { describe, expect, test } from 'vitest';
import type { Classification, RiskLevel } from '../../classifier/contract.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { recommend } from '../../policy/recommend.ts';
import { target } from '../../policy/targets/policy-json.ts';

function judged(name: string, risk: RiskLevel) {
  const classification: Classification = {
    toolHash: 'hash',
    category: 'Read',
    destructive: false,
    financial: false,
    risk,
    confidence: 'high',
    rationale: '',
    evidence: [{ pointer: '/name', quote: name, note: '' }],
    findings: [],
    hints: [],
    classifierVersion: '1',
    signalSetHash: '',
    reviewer: 'rules',
  };
  return { name, classification };
}

describe('recommend', () => {
  test.each([
    ['medium', 'create_session', 30],
    ['high', 'maker_start_session', 10],
  ] as const)('limits what has %s risk as the published recommendation does', (risk, name, max) => {
    expect(recommend([judged(name, risk)])).toEqual({
      version: '1',
      default: 'deny',
      tools: { [name]: { limits: [{ counter: `${name}_rate`, window: 'minute', max, scope: 'grant' }] } },
    });
  });

  test('allows what has low risk by naming it', () => {
    expect(recommend([judged('list_notes', 'low')]).tools).toEqual({ list_notes: {} });
  });

  test('refuses what is critical, and says that a person must approve', () => {
    const policy = recommend([judged('delete_note', 'critical')]);
    const decision = evaluate(policy, { tool: 'delete_note', args: {} }, () => 0);
    expect(decision).toMatchObject({ outcome: 'deny', message: 'Requires human approval.' });
  });

  test('names every tool once, sorted, and the strictest rule wins where a name stands twice', () => {
    const policy = recommend([
      judged('same', 'low'),
      judged('b', 'low'),
      judged('same', 'critical'),
      judged('a', 'low'),
      judged('same', 'high'),
    ]);
    expect(Object.keys(policy.tools ?? {})).toEqual(['a', 'b', 'same']);
    expect(policy.tools?.same?.deny_if).toHaveLength(1);
  });

  test.each(['__proto__', 'constructor', 'toString', '', '../x', '\u202Eevil'])(
    'a tool called %j has its own rule, which survives writing and reading',
    (name) => {
      const text = target.emit(recommend([judged(name, 'high'), judged('other', 'low')])).text;
      const parsed = parsePolicy(text);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      const decide = (used: number) => evaluate(parsed.document, { tool: name, args: {} }, () => used);
      expect(decide(9).outcome).toBe('allow');
      expect(decide(10).outcome).toBe('deny');
    },
  );
});
