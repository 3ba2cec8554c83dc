import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/generated-files.ts';
import { UNIT_FOLDERS, unitIds } from '../../scripts/units.ts';
import { ROOT } from '../support/sources.ts';

test('every generated file is what `npm run generate` would write now', () => {
  const stale = generatedFiles(ROOT).filter(
    ({ path, text }) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text,
  );
  expect(stale.map(({ path }) => path)).toEqual([]);
});

test.each(UNIT_FOLDERS)('in $folder every file is a unit whose id is its name', async ({ folder, unit }) => {
  for (const id of unitIds(ROOT, folder)) {
    const module: Record<string, { id?: string } | undefined> = await import(join(ROOT, folder, `${id}.ts`));
    expect(module[unit]?.id, `${folder}/${id}.ts`).toBe(id);
  }
});
