import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderIndex, UNIT_FOLDERS, unitIds } from './units.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

for (const units of UNIT_FOLDERS) {
  write(join(units.folder, 'index.generated.ts'), renderIndex(units, unitIds(root, units.folder)));
}

function write(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text);
  process.stdout.write(`wrote ${path}\n`);
}
