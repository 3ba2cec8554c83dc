import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A folder in which every file is one unit and all of them export the same name. */
export interface UnitFolder {
  folder: string;
  /** The name that every unit file exports. */
  unit: string;
  /** The name of the generated list. */
  list: string;
  /** The units' type, and the module (relative to the folder) that has it. */
  type: string;
  typeFrom: string;
}

export const UNIT_FOLDERS: readonly UnitFolder[] = [
  { folder: 'crawler/sources', unit: 'source', list: 'sources', type: 'Source', typeFrom: '../source.ts' },
  { folder: 'classifier/signals', unit: 'signal', list: 'signals', type: 'Signal', typeFrom: '../signal.ts' },
  { folder: 'policy/targets', unit: 'target', list: 'targets', type: 'Target', typeFrom: '../target.ts' },
  { folder: 'site/pages', unit: 'page', list: 'pages', type: 'Page', typeFrom: '../page.ts' },
  { folder: 'site/attacks', unit: 'attack', list: 'attacks', type: 'Attack', typeFrom: '../attack.ts' },
  { folder: 'cli/commands', unit: 'command', list: 'commands', type: 'Command', typeFrom: '../command.ts' },
];

/** The ids of a folder's units, sorted: the names of its files. */
export function unitIds(root: string, folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** A file that is written from the sources and committed. */
export interface GeneratedFile {
  /** From the root. */
  path: string;
  text: string;
}

/** The list of each folder of units, as it is to be written. */
export function unitIndexes(root: string): GeneratedFile[] {
  return UNIT_FOLDERS.map((units) => ({
    path: `${units.folder}/index.generated.ts`,
    text: renderIndex(units, unitIds(root, units.folder)),
  }));
}

function renderIndex(units: UnitFolder, ids: readonly string[]): string {
  // With the unit's name behind it, because an id may be a reserved word, as `export` is.
  const name = (id: string) =>
    `${id}-${units.unit}`.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const imports = ids.map((id) => `import { ${units.unit} as ${name(id)} } from './${id}.ts';`);
  return `// Written by \`npm run generate\` from the files of this folder.
import type { ${units.type} } from '${units.typeFrom}';
${imports.join('\n')}

export const ${units.list}: readonly ${units.type}[] = [
${ids.map((id) => `  ${name(id)},`).join('\n')}
];
`;
}
