import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { toolText } from '../../cli/datasheet.ts';
import { publishTool } from '../../cli/published.ts';
import { opinionated } from '../site/samples.ts';
import { sheetsOf } from '../site/view.ts';
import { ROOT } from '../support/sources.ts';

const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/classified-tool.schema.json'), 'utf8'));
const validate = new Ajv2020().compile(schema);
const [server] = sheetsOf([opinionated]);

function tool(name: string) {
  const found = server?.tools.find(({ definition }) => definition.name === name);
  if (server === undefined || found === undefined) throw new Error(`no tool ${name}`);
  return { server, found };
}

describe('a verdict on which others than the rules have spoken', () => {
  test.each([['sync_accounts'], ['run_report']])('of %s is published by the schema', (name) => {
    const published = publishTool(null, name, tool(name).found.classification);
    expect(validate(JSON.parse(JSON.stringify(published))), JSON.stringify(validate.errors)).toBe(true);
  });

  test('is published with both readings, who stands for it, and what was replaced', () => {
    const published = publishTool(null, 'sync_accounts', tool('sync_accounts').found.classification);
    expect(published).toMatchObject({
      category: 'Write',
      risk: 'high',
      reviewer: 'A. Person',
      correction: { by: 'A. Person', replaced: { destructive: true, risk: 'critical' } },
      review: { model: 'example-model', outcome: 'not-followed', opinion: { category: 'Read' } },
    });
    expect(published.hints).toContainEqual({
      hint: 'readOnlyHint',
      claim: 'true',
      default: 'false',
      verdict: 'understates',
    });
    expect(publishTool(null, 'run_report', tool('run_report').found.classification).alternative).toBe('Read');
  });

  test('is shown in a terminal, misleading text first and visible', () => {
    const io = { stdout: { stream: process.stdout, isTerminal: false, columns: 80 }, env: {} };
    const text = (name: string) => toolText(tool(name).server, tool(name).found, io);
    const corrected = text('sync_accounts');
    const order = ['Text written to mislead', 'Corrected by A. Person', 'Second opinion', 'Risk signals'];
    expect(order.map((words) => corrected.indexOf(words))).toEqual(
      order.map((words) => corrected.indexOf(words)).toSorted((a, b) => a - b),
    );
    expect(corrected.indexOf('Text written to mislead')).toBeGreaterThan(0);
    expect(corrected).toContain('[U+200B]');
    expect(corrected).not.toMatch(/[\u200b\u{e0041}]/u);
    expect(text('run_report')).toContain('or          Read: the definition leaves this reading open');
    expect(text('run_report')).toMatch(/openWorldHint +unset +true +unset \(default applies\)/);
    expect(Math.max(...corrected.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
