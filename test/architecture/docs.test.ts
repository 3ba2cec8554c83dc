import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandWords } from '../../cli/command.ts';
import { commands } from '../../cli/commands/index.generated.ts';
import { HEADERS } from '../../cli/serve.ts';
import { CrawlFailureCode, CrawlPhase } from '../../crawler/contract.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { Limit, MethodRules, Operator, PolicyDocument, ToolRule } from '../../policy/contract.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { SHAPES } from '../../policy/shapes.ts';
import { FOLDERS, ROOT } from '../support/sources.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
  ...FOLDERS.map((folder) => `${folder}/README.md`).filter((file) => existsSync(join(ROOT, file))),
];

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  test('links only to what exists', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });

  test('names only files that exist', () => {
    const inFolder = new RegExp(`\`((?:${FOLDERS.join('|')}|test|docs|bench|scripts)/[\\w./-]+)\``, 'g');
    const paths = [...text.matchAll(inFolder)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('names only commands and scripts that exist', () => {
    const ids = [
      ...text.matchAll(/^\$? *catalogue ([a-z]+)|`catalogue ([a-z]+)|catalogue -- ([a-z]+)/gm),
    ].map(([, line, inline, script]) => line ?? inline ?? script ?? '');
    const known = commands.map((command) => commandWords(command)[0]);
    expect(ids.filter((id) => !known.includes(id))).toEqual([]);
    const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
  });
});

test('every folder of the house has a README', () => {
  const folders = FOLDERS.filter((folder) => existsSync(join(ROOT, folder)));
  expect(folders.filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
});

test('docs/site.md has every header that the site is to be sent with', () => {
  const text = read('docs/site.md').toLowerCase();
  expect(
    Object.entries(HEADERS).filter(([name, value]) => !text.includes(`${name}: ${value}`.toLowerCase())),
  ).toEqual([]);
});

test('docs/scanning.md explains every phase and code of a failed scan', () => {
  const rows = [...read('docs/scanning.md').matchAll(/^\| `([a-z-]+)` *\|/gm)].map(([, word]) => word);
  expect(rows).toEqual([...CrawlPhase.options, ...CrawlFailureCode.options]);
});

test('docs/policies.md shows a valid document and names every operator', () => {
  const text = read('docs/policies.md');
  const [, example = ''] = /```json\n([^`]+)```/.exec(text) ?? [];
  expect(parsePolicy(example)).toMatchObject({ ok: true });
  const [, operators = ''] = /Operators: `([^`]+)`/.exec(text) ?? [];
  expect(operators.split(' ').toSorted()).toEqual(Operator.options.toSorted());
});

test('docs/policies.md explains every key of a policy, and no other', () => {
  const text = read('docs/policies.md');
  const [document, rule, limit] = ['document', 'rule', 'limit'].map((of) => {
    const [, rows = ''] = new RegExp(`\\| key of (?:the|a) ${of}.*\\n.*\\n((?:\\|.*\\n)+)`).exec(text) ?? [];
    return [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key);
  });
  expect(document).toEqual(Object.keys(PolicyDocument.shape));
  expect(rule).toEqual(Object.keys(ToolRule.shape));
  expect(limit).toEqual(Object.keys(Limit.shape));
  const missing = Object.keys(MethodRules.shape).filter((method) => !text.includes(`\`${method}\``));
  expect(missing).toEqual([]);
});

test('docs/policies.md names every signal that shapes a rule', () => {
  const text = read('docs/policies.md');
  expect(Object.keys(SHAPES).filter((signal) => !text.includes(`\`${signal}\``))).toEqual([]);
});

test('docs/decisions/README.md lists every decision', () => {
  const files = readdirSync(join(ROOT, 'docs/decisions')).filter((file) => file !== 'README.md');
  const text = read('docs/decisions/README.md');
  expect(files.filter((file) => !text.includes(`(${file})`))).toEqual([]);
});
