import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { z } from 'zod';
import type { PackageSpec } from './package-spec.ts';

/** A package that is installed on this machine, and the file that starts its server. */
export interface LocalPackage {
  version: string;
  file: string;
  /** Whether the file is a script for Node, as opposed to a program of its own. */
  script: boolean;
  /** The folders that it is made of, with all that it depends on. */
  folders: string[];
}

const PackageJson = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]),
});

/**
 * Looks for an installed package in `node_modules` of each folder of `from` and of the folders above it. Only the
 * exact version fits, or any when none is asked for. Undefined when there is none that can be started.
 */
export function findLocalPackage(spec: PackageSpec, from: readonly string[]): LocalPackage | undefined {
  for (const folder of from.flatMap(ancestors)) {
    const found = packageIn(folder, spec);
    if (found) return found;
  }
  return undefined;
}

/** The bin that stands for a package: the one named like it, else the only one. */
export function pickBin(name: string, bin: string | Record<string, string>): string | undefined {
  if (typeof bin === 'string') return bin;
  const lastPart = name.slice(name.lastIndexOf('/') + 1);
  if (Object.hasOwn(bin, lastPart)) return bin[lastPart];
  const files = new Set(Object.values(bin));
  return files.size === 1 ? [...files][0] : undefined;
}

/** The package in `node_modules` of this one folder; undefined as in `findLocalPackage`. */
export function packageIn(root: string, spec: PackageSpec): LocalPackage | undefined {
  const folder = join(root, 'node_modules', spec.name);
  const manifest = readManifest(join(folder, 'package.json'));
  if (!manifest || (spec.version !== undefined && spec.version !== manifest.version)) return undefined;
  const bin = pickBin(spec.name, manifest.bin);
  if (bin === undefined) return undefined;
  const file = join(folder, bin);
  if (!existsSync(file)) return undefined;
  const folders = [join(root, 'node_modules'), realpathSync(folder)];
  return { version: manifest.version, file, script: isNodeScript(file), folders };
}

function readManifest(path: string): z.infer<typeof PackageJson> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return PackageJson.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // A half-installed package is as good as none.
    return undefined;
  }
}

function isNodeScript(file: string): boolean {
  if (/^\.[cm]?[jt]s$/.test(extname(file))) return true;
  const [firstLine = ''] = readFileSync(file, 'latin1').slice(0, 200).split('\n');
  return firstLine.startsWith('#!') && firstLine.includes('node');
}

function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}
