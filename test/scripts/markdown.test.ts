import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AccuracyReport } from '../../classifier/accuracy/contract.ts';
import { accuracyPage } from '../../scripts/accuracy-page.ts';
import { codeSpan, markdownTable, replaceBetween } from '../../scripts/markdown.ts';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { runCli } from '../support/run-cli.ts';

/** What is outside of code spans, by the rule of CommonMark 6.1: a run of backticks closes at the next one as long. */
function outsideCode(markdown: string): string {
  return markdown.replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

describe('a server in Markdown can do nothing but be read', () => {
  test.each([
    ['markup', '<img src=x onerror=alert(1)> **bold** [a](https://evil.example) @someone #1'],
    ['a backtick', 'ends `here` <b>'],
    ['runs of backticks', '``` `` ` <script>'],
    ['only backticks', '``'],
    ['a backtick at both ends', '`<b>`'],
    ['lines and a fence', 'a\n\n```\n# Heading\n\n- [x] done'],
    ['a pipe behind a backslash', 'a \\| b | c <b>'],
    ['bidi and zero width', 'abc\u202edef\u200b\u0007'],
    ['nothing', ''],
  ])('%s', (_, hostile) => {
    const [row = ''] = markdownTable(['a', 'b'], [[codeSpan(hostile, 200), 'end']])
      .split('\n')
      .slice(2);
    expect(outsideCode(row)).toMatch(/^\| +\| end \|$/);
    expect(row.split('|')).toHaveLength(4);
    expect(row).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('hidden characters are shown, and a long text is cut', () => {
    expect(codeSpan('a\u202eb', 20)).toBe('`a[U+202E]b`');
    expect(codeSpan('x'.repeat(50), 10)).toBe(`\`${'x'.repeat(9)}…\``);
  });
});

test('only what stands between the markers is replaced', () => {
  const markers = { start: '<!-- a -->', end: '<!-- /a -->' };
  expect(replaceBetween('x\n<!-- a -->\nold\n<!-- /a -->\ny', markers, 'new\n')).toBe(
    'x\n<!-- a -->\nnew\n<!-- /a -->\ny',
  );
  expect(() => replaceBetween('x', markers, 'new')).toThrow('<!-- a -->');
});

test('the misses of hostile definitions stand on the accuracy page as code, one line each', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'catalogue-page-'));
  const label = { category: 'Read', destructive: true, financial: true, signals: [], ambiguous: false };
  const server = '](javascript:alert(1)) <b>';
  const labels = [...new Set(HOSTILE_NAMES)].map((tool) => ({ package: server, tool, ...label }));
  writeFileSync(join(cwd, 'labels.jsonl'), labels.map((each) => `${JSON.stringify(each)}\n`).join(''));
  writeFileSync(join(cwd, 'captures.jsonl'), `${JSON.stringify({ server, tools: HOSTILE_TOOLS })}\n`);
  const files = ['--labels', 'labels.jsonl', '--definitions', 'captures.jsonl'];
  const { stdout } = await runCli(['eval', '--json', ...files], { cwd });
  const report = AccuracyReport.parse(JSON.parse(stdout));

  const page = accuracyPage({ report, corpus: report, rows: [], confidence: [], definitions: {} });
  const misses = page.split('\n').filter((line) => line.startsWith('- `'));
  expect(misses).toHaveLength(report.sets[0]?.misses.length ?? 0);
  expect(misses.length).toBeGreaterThanOrEqual(labels.length);
  for (const line of misses) {
    expect(outsideCode(line)).toMatch(/^- {2}of , (?:high|medium|low): [\w: ,;]+$/);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});
