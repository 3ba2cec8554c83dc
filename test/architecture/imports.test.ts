import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FOLDERS, type Folder, type SourceFile, sourceFiles } from '../support/sources.ts';

/** What a folder may import from another: anything, types alone, or these files alone. */
type Allowed = 'all' | 'types' | { types: string[] };

const HOUSE: Record<Folder, Partial<Record<Folder, Allowed>>> = {
  crawler: {},
  classifier: { crawler: { types: ['contract.ts'] } },
  policy: { classifier: { types: ['contract.ts'] } },
  catalogue: { crawler: 'all', classifier: 'all', policy: 'all' },
  gateway: { crawler: 'all', policy: 'all' },
  site: { crawler: 'all', classifier: 'all', policy: 'all', catalogue: 'types' },
  cli: { crawler: 'all', classifier: 'all', policy: 'all', catalogue: 'all', gateway: 'all', site: 'all' },
};

/** Packages that belong to one folder, so that a change of library stays in it. */
const OWNED_PACKAGES: Record<string, Folder> = {
  '@modelcontextprotocol/sdk': 'crawler',
  '@electric-sql/pglite': 'catalogue',
  'drizzle-orm': 'catalogue',
  postgres: 'catalogue',
  'p-queue': 'catalogue',
  'pg-boss': 'catalogue',
  hono: 'site',
  commander: 'cli',
  re2js: 'policy',
  openai: 'classifier',
};

describe('imports', () => {
  const files = sourceFiles();

  test('run one way', () => {
    const breaches = files.flatMap((file) => importsOf(file).filter((each) => !isAllowed(file, each)));
    expect(breaches.map(({ from, what }) => `${from} imports ${what}`)).toEqual([]);
  });

  test('of a library stay in the folder that owns it', () => {
    const breaches = files.flatMap((file) =>
      importsOf(file).filter(({ what }) => {
        const owner = Object.entries(OWNED_PACKAGES).find(
          ([name]) => what === name || what.startsWith(`${name}/`),
        );
        return owner !== undefined && owner[1] !== file.folder;
      }),
    );
    expect(breaches.map(({ from, what }) => `${from} imports ${what}`)).toEqual([]);
  });

  test('cover every folder of the house that exists', () => {
    expect(new Set(files.map(({ folder }) => folder))).toEqual(new Set(FOLDERS));
  });
});

describe('the world comes in as parameters', () => {
  const READERS = ['cli/main.ts', 'cli/process.ts'];

  test.each([
    ['the environment', /\bprocess\.env\b/],
    ['the arguments', /\bprocess\.argv\b/],
    ['the clock', /\bnew Date\(\)|\bDate\.now\(/],
    ['the home directory', /\bhomedir\(/],
    ['the working directory', /\bprocess\.cwd\(/],
    ['randomness', /\bMath\.random\(/],
  ])('%s', (_, pattern) => {
    const readers = sourceFiles().filter(({ path, text }) => !READERS.includes(path) && pattern.test(text));
    expect(readers.map(({ path }) => path)).toEqual([]);
  });
});

interface Import {
  from: string;
  what: string;
  typeOnly: boolean;
}

function importsOf({ path, text }: SourceFile): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\s(type\s)?[^;]*?from\s'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, named, dynamic]) => ({
    from: path,
    what: named ?? dynamic ?? '',
    typeOnly: type !== undefined,
  }));
}

function isAllowed({ folder, path }: SourceFile, { what, typeOnly }: Import): boolean {
  if (!what.startsWith('.')) return true;
  const target = posix.join(posix.dirname(path), what);
  const [targetFolder = '', ...rest] = target.split('/');
  if (targetFolder === folder || what.endsWith('package.json')) return true;
  const allowed = HOUSE[folder][targetFolder as Folder];
  if (allowed === undefined) return false;
  if (allowed === 'all') return true;
  if (!typeOnly) return false;
  return allowed === 'types' || allowed.types.includes(rest.join('/'));
}
