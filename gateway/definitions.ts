import { readTool } from '../crawler/definition.ts';
import { listTools } from '../crawler/list-tools.ts';
import { fold } from './fold.ts';
import { LIST_MAX_AGE_MS } from './limits.ts';
import type { Lock } from './lock-file.ts';

/** The names that a server has listed, as far as they have been seen. */
export interface Listed {
  /** The listed tool that this name can be taken for, if it is not that one. */
  meant(tool: string): string | undefined;
}

/** What is known of a server's definitions, and what a lock says of them. */
export interface Definitions {
  listed: Listed;
  /** Takes down the names on a page that passes; `first` for the page without a cursor. */
  observe(names: readonly string[], first: boolean): void;
  /** Why a lock denies an entry of a list; undefined where it matches, or nothing is locked. */
  check(entry: Record<string, unknown>): string | undefined;
  /** Why a lock denies a tool by what the server listed last. */
  objection(tool: string): string | undefined;
  /** The server says that its list has changed. */
  markStale(): void;
  /** Whether a lock needs a new list before it can be asked. */
  needsList(): boolean;
  /** Gets that list, page by page. Rejects when the server does not give it; the tools are then denied. */
  refresh(fetchPage: FetchPage): Promise<void>;
}

export type FetchPage = (cursor: string | undefined) => Promise<Record<string, unknown>>;

const CHANGED = 'its definition is not the one that was locked.';
const NOT_LOCKED = 'it is not in the lock file.';
const NOT_LISTED = 'the server does not list it.';

/** Undefined for an entry that cannot be read as a tool. */
function hashOf(entry: Record<string, unknown>): string | undefined {
  try {
    // Numbers that were kept with all their digits are hashed as the crawler hashes them.
    const read = readTool(JSON.parse(JSON.stringify(entry)), 0);
    return read.ok ? read.tool.hash : undefined;
  } catch {
    // Nested deeper than the stack allows.
    return undefined;
  }
}

/** Knows nothing yet. Without a lock every definition will do. */
export function createDefinitions(lock: Lock | undefined, now: () => number): Definitions {
  let byFold = new Map<string, string>();
  let names = new Set<string>();
  /** By name: whether each definition seen under it is the locked one. */
  let matching = new Map<string, boolean>();
  let listedAt: number | undefined;
  let refreshing: Promise<void> | undefined;
  /** Rises with every change that the server tells, so that a listing begun before it is not trusted. */
  let changes = 0;

  const check = (entry: Record<string, unknown>): string | undefined => {
    if (lock === undefined) return undefined;
    if (!lock.ok) return lock.reason;
    const name = String(entry.name);
    const wanted = lock.hashes.get(name);
    const matches = wanted !== undefined && hashOf(entry) === wanted;
    if (!matches) matching.set(name, false);
    if (wanted === undefined) return NOT_LOCKED;
    return matches ? undefined : CHANGED;
  };

  const list = async (fetchPage: FetchPage) => {
    const begun = changes;
    const { complete, tools } = await listTools(fetchPage);
    matching = new Map();
    const wanted = lock?.ok ? lock.hashes : undefined;
    for (const { name, hash } of tools) {
      matching.set(name, matching.get(name) !== false && wanted?.get(name) === hash);
    }
    if (complete && begun === changes) listedAt = now();
  };

  return {
    listed: { meant: (tool) => (names.has(tool) ? undefined : byFold.get(fold(tool))) },
    observe(seen, first) {
      if (first) {
        names = new Set();
        byFold = new Map();
      }
      for (const name of seen) {
        names.add(name);
        byFold.set(fold(name), name);
      }
    },
    check,
    objection(tool) {
      if (lock === undefined) return undefined;
      if (!lock.ok) return lock.reason;
      if (!lock.hashes.has(tool)) return NOT_LOCKED;
      const matches = matching.get(tool);
      if (matches === undefined || listedAt === undefined) return NOT_LISTED;
      return matches ? undefined : CHANGED;
    },
    markStale() {
      changes += 1;
      listedAt = undefined;
    },
    needsList: () => lock?.ok === true && (listedAt === undefined || now() - listedAt > LIST_MAX_AGE_MS),
    refresh(fetchPage) {
      refreshing ??= list(fetchPage).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}
