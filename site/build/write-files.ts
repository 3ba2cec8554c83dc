import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digest, type Files, readState, stateText } from './manifest.ts';
import { makeFolder } from './trees.ts';

/** A file as it is offered: its contents are made only when they are needed. */
interface OfferedFile {
  name: string;
  key?: string;
  contents(): string | Uint8Array;
}

/** What came of writing. */
export interface Written {
  files: Files;
  written: number;
  unchanged: number;
  removed: number;
}

/** Writes files into a folder, one after another. */
export interface Writer {
  /** Throws when the name came before or leads out of the folder, which only a fault of ours can cause. */
  put(file: OfferedFile): void;
  /** Removes those that are known and were not put. */
  end(): Written;
}

export interface WriterOptions {
  /** Folders that are there. */
  made?: Set<string>;
  /** Told before a file is written. */
  onWrite?(name: string): void;
}

/**
 * Starts to write files of which some are `known` to stand in the folder: what is new or changed is written. A file may
 * have a second name in the tree that readers see, so it is never changed, but made anew.
 */
export function startWriter(
  folder: string,
  known: Files,
  { made = new Set(), onWrite }: WriterOptions = {},
): Writer {
  const files: Files = {};
  let written = 0;
  let unchanged = 0;
  return {
    put({ name, key, contents }) {
      if (name in files) throw new Error(`Two pages have the same path: ${folder}/${name}`);
      const state = known[name];
      const before = state === undefined ? undefined : readState(state);
      if (state !== undefined && key !== undefined && before?.key === key) {
        files[name] = state;
        unchanged++;
        return;
      }
      const bytes = contents();
      const hash = digest(bytes);
      files[name] = stateText({ hash, ...(key !== undefined && { key }) });
      if (before?.hash === hash) {
        unchanged++;
        return;
      }
      const path = placeIn(folder, name);
      onWrite?.(name);
      makeFolder(dirname(path), made);
      if (before !== undefined) rmSync(path, { force: true });
      writeFileSync(path, bytes);
      written++;
    },
    end() {
      const gone = Object.keys(known).filter((name) => !(name in files));
      for (const name of gone) rmSync(placeIn(folder, name), { force: true });
      return { files, written, unchanged, removed: gone.length };
    },
  };
}

/** The file's place in the folder; throws when it would lie outside. */
export function placeIn(folder: string, name: string): string {
  const isPlain =
    name !== '' &&
    !/[\\\0]/.test(name) &&
    !name.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (!isPlain) throw new Error(`A page leads out of the site: ${JSON.stringify(name)}`);
  return join(folder, name);
}
