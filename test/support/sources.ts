import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const FOLDERS = ['crawler', 'classifier', 'policy', 'catalogue', 'gateway', 'site', 'cli'] as const;
export type Folder = (typeof FOLDERS)[number];

export interface SourceFile {
  /** From the root, with forward slashes. */
  path: string;
  folder: Folder;
  text: string;
}

/** Every TypeScript file of the house. */
export function sourceFiles(): SourceFile[] {
  return FOLDERS.flatMap((folder) => filesUnder(join(ROOT, folder)).map((file) => ({ folder, file })))
    .filter(({ file }) => file.endsWith('.ts'))
    .map(({ folder, file }) => ({
      path: relative(ROOT, file).replaceAll('\\', '/'),
      folder,
      text: readFileSync(file, 'utf8'),
    }));
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
