import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { classifyTool } from '../../classifier/classify.ts';
import {
  applyCorrection,
  type CorrectionEntry,
  correctionText,
  parseCorrections,
} from '../../classifier/corrections.ts';
import { readTool } from '../../crawler/definition.ts';
import { visibleJson } from '../../site/visible.ts';
import { HOSTILE_NAMES } from '../support/hostile-tools.ts';

const HASH = '0123456789ab';
const ENTRY = { server: 'npm:notes', tool: 'delete_note', hash: HASH, risk: 'low', reason: 'r', by: 'me' };

function judge(name: string, description: string, annotations?: Record<string, unknown>) {
  const read = readTool({ name, description, inputSchema: { type: 'object' }, annotations }, 0);
  if (!read.ok) throw new Error(read.rejected.reason);
  return classifyTool(read.tool);
}

function correct(
  classification: ReturnType<typeof judge>,
  override: Partial<Pick<CorrectionEntry, 'category' | 'destructive' | 'financial' | 'risk'>>,
) {
  const entry = { server: 's', tool: 't', hash: classification.toolHash, reason: 'Because.', by: 'me' };
  return applyCorrection(classification, { ...entry, ...override });
}

const DELETE = judge('delete_note', 'Delete a note for ever.', { readOnlyHint: true });
const SECRET = judge('get_secret', 'Get the value of a secret from the vault.');

describe('reading corrections', () => {
  test('an entry with every key, and a file without any entry', () => {
    const full = {
      ...ENTRY,
      hash: 'a'.repeat(64),
      category: 'Read',
      destructive: false,
      financial: true,
      date: '2026-01-02',
    };
    expect(parseCorrections([full])).toEqual({ entries: [full], faults: [] });
    expect(parseCorrections(null)).toEqual({ entries: [], faults: [] });
  });

  const { risk: _, ...nothing } = ENTRY;
  const { by: __, ...anonymous } = ENTRY;
  test.each<[string, unknown, string, RegExp]>([
    ['one entry that is not in a list', ENTRY, '', /must be a list/],
    ['an entry that is text', ['x'], '0', /mapping/],
    ['an unknown key', [{ ...ENTRY, serverity: 'x' }], '0/serverity', /is not a key .*category/],
    ['a missing name', [anonymous], '0/by', /is missing: .*who stands for it/],
    ['a reason of blanks', [{ ...ENTRY, reason: ' ' }], '0/reason', /is empty/],
    ['a reason without end', [{ ...ENTRY, reason: 'x'.repeat(3_000) }], '0/reason', /longer than/],
    ['a hash that YAML read as a number', [{ ...ENTRY, hash: 123456789012 }], '0/hash', /quotes/],
    ['a hash that is too short', [{ ...ENTRY, hash: 'abc' }], '0/hash', /at least the first 12/],
    ['a hash in capitals', [{ ...ENTRY, hash: HASH.toUpperCase() }], '0/hash', /lower case/],
    ['an unknown category', [{ ...ENTRY, category: 'read' }], '0/category', /Read, Write, Execute/],
    ['an unknown risk', [{ ...ENTRY, risk: 'none' }], '0/risk', /low, medium, high, critical/],
    ['an effect that is text', [{ ...ENTRY, destructive: 'no' }], '0/destructive', /true or false/],
    ['a date that is none', [{ ...ENTRY, date: 'May' }], '0/date', /2026-01-31/],
    ['an entry that overrides nothing', [nothing], '0', /overrides nothing/],
    ['a tool that YAML read as a truth value', [{ ...ENTRY, tool: true }], '0/tool', /quotes/],
  ])('%s is refused with its place and the remedy', (_name, content, path, message) => {
    const { entries, faults } = parseCorrections(content);
    expect(entries).toEqual([]);
    expect(faults.map((fault) => fault.path.join('/'))).toEqual([path]);
    expect(faults[0]?.message).toMatch(message);
  });

  test('one broken entry takes the others with it', () => {
    expect(parseCorrections([ENTRY, { ...ENTRY, hash: '' }]).entries).toEqual([]);
  });
});

describe('a corrected verdict', () => {
  test('says who, why and what was replaced', () => {
    const { correction, reviewer, rationale, confidence } = correct(DELETE, { destructive: false });
    expect(correction).toMatchObject({
      by: 'me',
      reason: 'Because.',
      replaced: { risk: 'critical', destructive: true },
    });
    expect({ reviewer, rationale, confidence }).toEqual({
      reviewer: 'me',
      rationale: 'Because.',
      confidence: 'high',
    });
  });

  test.each([
    ['the risk follows from the category', DELETE, { category: 'Read', destructive: false }, 'low'],
    ['an effect that is denied no longer raises it', DELETE, { destructive: false }, 'medium'],
    ['an effect that is added makes it critical', SECRET, { financial: true }, 'critical'],
    ['what is left out stays', DELETE, { category: 'Execute' }, 'critical'],
    ["a signal's raise holds", SECRET, { category: 'Read' }, 'high'],
    ['unless the risk is stated', SECRET, { risk: 'low' }, 'low'],
    ['and a stated risk may be higher', SECRET, { risk: 'critical' }, 'critical'],
  ] as const)('%s', (_, classification, override, risk) => {
    expect(correct(classification, override).risk).toBe(risk);
  });

  test("a server's claims are checked against what the person found", () => {
    const check = (classification: typeof DELETE) =>
      classification.hints.find(({ hint }) => hint === 'readOnlyHint')?.verdict;
    expect(check(DELETE)).toBe('understates');
    expect(check(correct(DELETE, { category: 'Read', destructive: false }))).toBe('agrees');
  });
});

describe('the entry for a tool', () => {
  const values = (name: string) => {
    const [entry] = parse(visibleJson(correctionText(name, name, DELETE)));
    return entry;
  };

  test.each(HOSTILE_NAMES.map((name) => [name]))('keeps the name %j exactly, whatever is in it', (name) => {
    expect(values(name)).toMatchObject({ server: name, tool: name, hash: DELETE.toolHash });
  });

  test('keeps any name, shows no hidden character, and adds no key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(values(name)).toEqual({
          server: name,
          tool: name,
          hash: DELETE.toolHash,
          category: 'Write',
          destructive: true,
          financial: false,
          reason: '',
          by: '',
        });
      }),
    );
  });

  test('is taken once reason and name are filled in, and not before', () => {
    const entry = values('delete_note');
    expect(parseCorrections([entry]).faults.map(({ path }) => path[1])).toEqual(['reason', 'by']);
    expect(parseCorrections([{ ...entry, reason: 'r', by: 'me' }]).faults).toEqual([]);
  });
});
