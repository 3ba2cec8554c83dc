import { describe, expect, test } from 'vitest';
import { quoteHolds, signalById } from '../../../classifier/classify.ts';
import { factsOf } from '../../../classifier/facts.ts';
import { type ExampleTool, findSignal } from '../../../classifier/signal.ts';
import { define } from '../tools.ts';

/** Why, the tool, and whether the signal fires or which parameters it names. */
type Case = readonly [why: string, tool: ExampleTool, found: boolean | readonly string[]];

/** What a signal says of a tool; throws for an id that names no signal. */
export function finding(id: string, tool: ExampleTool) {
  const signal = signalById(id);
  if (!signal) throw new Error(`no signal ${id}`);
  return findSignal(signal, factsOf(define(tool)));
}

/** One test for each case: what is found, and that every quote stands in the wire form. */
export function judges(id: string, cases: readonly Case[]): void {
  describe(id, () => {
    test.each(cases)('%s', (_, tool, found) => {
      const result = finding(id, tool);
      expect(result.outcome).not.toBe('error');
      const evidence = result.outcome === 'present' ? result.evidence : [];
      for (const one of evidence) expect(quoteHolds(define(tool).wire, one), JSON.stringify(one)).toBe(true);
      if (typeof found === 'boolean') expect(evidence.length > 0).toBe(found);
      else expect(evidence.flatMap(({ parameter }) => parameter ?? [])).toEqual(found);
    });
  });
}

/** A tool with a name and a description. */
export function tool(name: string, description?: string): ExampleTool {
  return description === undefined ? { name } : { name, description };
}

/** A tool that takes these parameters, each given by its schema. */
export function taking(
  properties: Record<string, object>,
  name = 'do_it',
  description = 'Update the record',
  required: string[] = [],
): ExampleTool {
  return { name, description, inputSchema: { type: 'object', properties, required } };
}
