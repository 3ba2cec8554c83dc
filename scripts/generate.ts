import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GeneratedFile, unitIndexes } from './units.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// The lists of units come first: the sources that everything else is made from import them.
for (const file of unitIndexes(root)) write(file);
const { generatedFiles } = await import('./generated-files.ts');
for (const file of generatedFiles(root)) write(file);

function write({ path, text }: GeneratedFile): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`wrote ${path}\n`);
}
