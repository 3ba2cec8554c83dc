import { describe, expect, test } from 'vitest';
import type { Category, Classification } from '../../classifier/contract.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { recommend } from '../../policy/recommend.ts';
import { target } from '../../policy/targets/policy-json.ts';

function judged(
  name: string,
  category: Category,
  effects: { destructive?: boolean; financial?: boolean } = {},
) {
  const classification: Classification = {
    toolHash: 'hash',
    category,
    destructive: false,
    financial: false,
    ...effects,
    risk: 'low',
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
    ['Write', 'create_session', 30],
    ['Execute', 'maker_start_session', 10],
  ] as const)('limits a plain %s as the published recommendation does', (category, name, max) => {
    expect(recommend([judged(name, category)])).toEqual({
      version: '1',
      default: 'deny',
      tools: { [name]: { limits: [{ counter: `${name}_rate`, window: 'minute', max, scope: 'grant' }] } },
    });
  });

  test('allows a Read by naming it', () => {
    expect(recommend([judged('list_notes', 'Read')]).tools).toEqual({ list_notes: {} });
  });

  test.each([
    ['destructive', judged('delete_note', 'Write', { destructive: true })],
    ['financial', judged('pay_invoice', 'Execute', { financial: true })],
    ['financial, though it reads', judged('buy_report', 'Read', { financial: true })],
  ])('refuses what is %s, and says that a person must approve', (_, tool) => {
    const decision = evaluate(recommend([tool]), { tool: tool.name, args: {} }, () => 0);
    expect(decision).toMatchObject({ outcome: 'deny', message: 'Requires human approval.' });
  });

  test('names every tool once, sorted, and the strictest rule wins where a name stands twice', () => {
    const policy = recommend([
      judged('same', 'Read'),
      judged('b', 'Read'),
      judged('same', 'Write', { destructive: true }),
      judged('a', 'Read'),
      judged('same', 'Execute'),
    ]);
    expect(Object.keys(policy.tools ?? {})).toEqual(['a', 'b', 'same']);
    expect(policy.tools?.same?.deny_if).toHaveLength(1);
  });

  test.each(['__proto__', 'constructor', 'toString', '', '../x', '\u202Eevil'])(
    'a tool called %j has its own rule, which survives writing and reading',
    (name) => {
      const text = target.emit(recommend([judged(name, 'Execute'), judged('other', 'Read')])).text;
      const parsed = parsePolicy(text);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      const decide = (used: number) => evaluate(parsed.document, { tool: name, args: {} }, () => used);
      expect(decide(9).outcome).toBe('allow');
      expect(decide(10).outcome).toBe('deny');
    },
  );
});
