import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  classifyTool,
  quoteHolds,
  signalById,
  signalEntries,
  signalSetHash,
} from '../../classifier/classify.ts';
import { factsOf } from '../../classifier/facts.ts';
import { type ExampleTool, findSignal, type Signal } from '../../classifier/signal.ts';
import { signals } from '../../classifier/signals/index.generated.ts';
import { classify, define, present } from './tools.ts';

const folder = new URL('../../classifier/signals/', import.meta.url);
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

test('every file is a signal of the same name', () => {
  expect(signals.map((signal) => signal.id)).toEqual(files);
});

describe.each(signals.map((signal) => [signal.id, signal] as const))('%s', (_, signal) => {
  test('says what a reader of its page needs', () => {
    for (const text of [signal.label, signal.title, signal.why, signal.looksAt, signal.falsePositives]) {
      expect(text.trim().length).toBeGreaterThan(3);
      expect(text).not.toMatch(/\bsafe\b/i);
    }
    expect(signal.why).toMatch(/\.$/);
    expect(signal.examples.fires.length).toBeGreaterThan(0);
    expect(signal.examples.silent.length).toBeGreaterThan(0);
  });

  test.each(named(signal.examples.fires))('fires on %s', (_name, tool) => {
    const definition = define(tool);
    const finding = findSignal(signal, factsOf(definition));
    expect(finding.outcome).toBe('present');
    if (finding.outcome !== 'present') return;
    for (const evidence of finding.evidence) {
      expect(quoteHolds(definition.wire, evidence), JSON.stringify(evidence)).toBe(true);
    }
    expect(findSignal(signal, factsOf(define(tool)))).toEqual(finding);
  });

  test.each(named(signal.examples.silent))('is silent on %s', (_name, tool) => {
    expect(findSignal(signal, factsOf(define(tool))).outcome).not.toBe('present');
  });

  test('its examples keep every other piece of evidence true', () => {
    for (const tool of [...signal.examples.fires, ...signal.examples.silent]) {
      const definition = define(tool);
      const classification = classifyTool(definition);
      for (const evidence of allEvidence(classification))
        expect(quoteHolds(definition.wire, evidence)).toBe(true);
    }
  });
});

test('a signal that throws becomes an error and says why', () => {
  const broken: Signal = {
    ...pick('url-input'),
    observe: () => {
      throw new Error('no luck');
    },
  };
  expect(findSignal(broken, factsOf(define({ name: 'x' })))).toEqual({
    signal: 'url-input',
    outcome: 'error',
    message: 'no luck',
  });
});

test('the hash of the signal set is a SHA-256', () => {
  expect(signalSetHash).toMatch(/^[0-9a-f]{64}$/);
});

test('an unknown id names no signal', () => {
  expect(signalById('constructor')).toBeUndefined();
  expect(signalById('url-input')?.id).toBe('url-input');
});

test('entries name the parameter or the detail in brackets', () => {
  const url = { type: 'string', format: 'uri' };
  const many = Object.fromEntries(
    Array.from({ length: 18 }, (_, index) => [`option_${index}`, { type: 'boolean' }]),
  );
  const classification = classify({
    name: 'open_pages',
    description: 'Open pages. Admin-only.',
    inputSchema: {
      type: 'object',
      properties: {
        ...many,
        pages: { type: 'array', items: { type: 'object', properties: { url, 'a/b~c': url } } },
      },
    },
  });
  expect(signalEntries(classification)).toEqual([
    { id: 'admin', group: 'capability', label: 'Admin/system-level operation' },
    { id: 'high-parameter-count', group: 'definition', label: 'High parameter count (19 properties)' },
    {
      id: 'url-input',
      group: 'capability',
      label: 'Accepts URL/endpoint input (pages[].url)',
      parameter: 'pages[].url',
    },
    {
      id: 'url-input',
      group: 'capability',
      label: 'Accepts URL/endpoint input (pages[].a/b~c)',
      parameter: 'pages[].a/b~c',
    },
  ]);
});

function named(tools: readonly ExampleTool[]): [string, ExampleTool][] {
  return tools.map((tool) => [`${tool.name}: ${tool.description ?? 'no description'}`, tool]);
}

function pick(id: string): Signal {
  const signal = signalById(id);
  if (!signal) throw new Error(`no signal ${id}`);
  return signal;
}

function allEvidence(classification: ReturnType<typeof classifyTool>) {
  return [...classification.evidence, ...present(classification).flatMap((finding) => finding.evidence)];
}
