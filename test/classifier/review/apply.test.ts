import { describe, expect, test } from 'vitest';
import type { Classification, Finding, Ruling } from '../../../classifier/contract.ts';
import { applyOpinion, wantsReview } from '../../../classifier/review/apply.ts';
import type { Opinion } from '../../../classifier/review/opinion.ts';
import { signals } from '../../../classifier/signals/index.generated.ts';
import { classify, define } from '../tools.ts';

const WIRE = {
  name: 'sync_it',
  description: 'Syncs it with the other side.',
  inputSchema: { type: 'object' },
};
const SOURCE = { model: 'model-1', promptVersion: 'v1' };

/** A reading in short: `Write`, `Write!` destructive, `Write$` financial. */
function reading(short: string) {
  const category = short.replace(/[!$]/g, '') as Ruling['category'];
  return { category, destructive: short.includes('!'), financial: short.includes('$') };
}

const RISK = { Read: 'low', Write: 'medium', Execute: 'high' } as const;

function rulesSay(
  short: string,
  confidence: Ruling['confidence'],
  findings: Finding[] = [],
  more: Partial<Classification> = {},
): Classification {
  const said = reading(short);
  const risk = said.destructive || said.financial ? 'critical' : RISK[said.category];
  return { ...classify(WIRE), ...said, risk, confidence, findings, ...more };
}

function modelSays(short: string): Opinion {
  const evidence = { pointer: '/description', quote: 'Syncs it', note: 'quoted in the second opinion' };
  return { kind: 'opinion', ...reading(short), evidence, reason: 'It says so.' };
}

function finding(more: Partial<Extract<Finding, { outcome: 'present' }>>): Finding {
  const evidence = [{ pointer: '/name', quote: 'sync', note: 'a word' }] as const;
  return { signal: 'bulk', outcome: 'present', confidence: 'high', evidence: [...evidence], ...more };
}

const apply = (rules: Classification, opinion: Opinion) => applyOpinion(define(WIRE), rules, opinion, SOURCE);

describe('a second opinion', () => {
  test.each([
    // rules, confidence, model, outcome, result, risk, confidence
    ['Read', 'low', 'Read', 'agrees', 'Read', 'low', 'medium'],
    ['Read', 'medium', 'Read', 'agrees', 'Read', 'low', 'medium'],
    ['Write!', 'high', 'Write!', 'agrees', 'Write!', 'critical', 'high'],
    ['Read', 'low', 'Write', 'raised', 'Write', 'medium', 'medium'],
    ['Read', 'high', 'Write', 'raised', 'Write', 'medium', 'low'],
    ['Write', 'medium', 'Write!', 'raised', 'Write!', 'critical', 'low'],
    ['Write', 'low', 'Execute$', 'raised', 'Execute$', 'critical', 'medium'],
    ['Execute', 'low', 'Read', 'lowered', 'Read', 'low', 'low'],
    ['Write!', 'low', 'Write', 'lowered', 'Write', 'medium', 'low'],
    ['Execute', 'medium', 'Read', 'not-followed', 'Execute', 'high', 'medium'],
    ['Write!', 'high', 'Read', 'not-followed', 'Write!', 'critical', 'high'],
    // More in one respect and less in another: only rules that were unsure give way.
    ['Write!', 'high', 'Execute', 'raised', 'Execute!', 'critical', 'low'],
    ['Write!', 'low', 'Execute', 'lowered', 'Execute', 'high', 'low'],
    ['Execute', 'low', 'Write!', 'raised', 'Write!', 'critical', 'medium'],
  ] as const)(
    'rules say %s (%s), the model %s: %s, %s',
    (rules, sure, model, outcome, result, risk, after) => {
      const given = rulesSay(rules, sure);
      const reviewed = apply(given, modelSays(model));
      expect(reviewed).toMatchObject({ ...reading(result), risk, confidence: after, reviewer: 'model-1' });
      expect(reviewed.review).toMatchObject({
        model: 'model-1',
        promptVersion: 'v1',
        outcome,
        opinion: { ...reading(model), rationale: 'It says so.' },
        rules: { ...reading(rules), confidence: sure, rationale: given.rationale },
      });
    },
  );

  test.each([
    [
      'an effect',
      finding({ effects: ['destructive'], raises: 'critical' }),
      'Write!',
      'Read',
      'Read!',
      'critical',
    ],
    ['a risk', finding({ raises: 'high' }), 'Execute', 'Read', 'Read', 'high'],
    ['a category', finding({ supports: 'Execute' }), 'Execute', 'Read', 'Execute', 'high'],
  ] as const)('does not lower %s that a signal found', (_, held, rules, model, result, risk) => {
    const reviewed = apply(rulesSay(rules, 'low', [held]), modelSays(model));
    expect(reviewed).toMatchObject({ ...reading(result), risk });
  });

  test('lowers nothing where the definition speaks to its reader', () => {
    const attack = signals.find(({ group }) => group === 'attack-text');
    const rules = rulesSay('Execute', 'low', [finding({ signal: attack?.id ?? '' })]);
    expect(apply(rules, modelSays('Read'))).toMatchObject({
      category: 'Execute',
      risk: 'high',
      review: { outcome: 'not-followed' },
    });
    expect(apply(rules, modelSays('Execute!'))).toMatchObject({ risk: 'critical' });
  });

  test('is more certain where the rules had left room for its reading', () => {
    const rules = rulesSay('Read', 'medium', [], { alternative: 'Write' });
    const reviewed = apply(rules, modelSays('Write'));
    expect(reviewed).toMatchObject({ category: 'Write', confidence: 'medium' });
    expect(reviewed.alternative).toBeUndefined();
    expect(apply(rules, modelSays('Read')).alternative).toBe('Write');
  });

  test('puts its quote first and names both readings, in words that are not its own', () => {
    const opinion = { ...modelSays('Write!'), reason: 'Perfectly safe, trust me.' };
    const reviewed = apply(rulesSay('Read', 'low'), opinion);
    expect(reviewed.evidence[0]).toEqual(opinion.evidence);
    expect(reviewed.rationale).toContain('model-1');
    expect(reviewed.rationale).toContain('Write, destructive');
    expect(reviewed.rationale).not.toContain('trust me');
  });

  test("checks the server's hints against the verdict that now holds", () => {
    const wire = { ...WIRE, annotations: { readOnlyHint: true } };
    const rules = {
      ...classify(wire),
      ...reading('Read'),
      risk: 'low',
      confidence: 'low',
      findings: [],
    } as const;
    const reviewed = applyOpinion(define(wire), { ...rules, findings: [] }, modelSays('Write'), SOURCE);
    expect(reviewed.hints.find(({ hint }) => hint === 'readOnlyHint')?.verdict).toBe('understates');
  });
});

test.each([
  ['low', undefined, true],
  ['medium', 'Write', true],
  ['medium', undefined, false],
  ['high', undefined, false],
] as const)(
  'rules with %s confidence and the alternative %s: asked for is %s',
  (confidence, alternative, wanted) => {
    const rules = rulesSay('Read', confidence, [], alternative && { alternative });
    expect(wantsReview(rules, 'doubtful')).toBe(wanted);
    expect(wantsReview(rules, 'all')).toBe(true);
  },
);
