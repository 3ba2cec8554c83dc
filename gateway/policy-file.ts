import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, statSync, unwatchFile, watch, watchFile } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorText } from '../crawler/text.ts';
import { faultText, parsePolicy } from '../policy/parse.ts';
import { RELOAD_DEBOUNCE_MS, RELOAD_POLL_MS } from './limits.ts';
import { compileRules, nothingAllowed, type Rules } from './rules.ts';

/** A policy in a file, kept up with. */
export interface PolicyFile {
  rules(): Rules;
  /** Calls `listener` after each change of the rules. Returns what takes that back. */
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface PolicyEvents {
  /** Something to be told to whoever runs the gateway. */
  remark(text: string): void;
  /** The file changed and what it holds now cannot be used. */
  kept(reason: string): void;
}

type Read = { ok: true; rules: Rules } | { ok: false; hash: string; reason: string };

/** Most faults told of one file. */
const MAX_TOLD = 5;

/**
 * Reads the policy, and again whenever the file changes. A file that cannot be used at the start allows nothing; one
 * that cannot be used later leaves what was read before. Never throws.
 */
export function openPolicyFile(path: string, events: PolicyEvents): PolicyFile {
  const listeners = new Set<() => void>();
  const first = readPolicy(path);
  let rules = first.ok ? first.rules : nothingAllowed(first.reason);
  let seen = first.ok ? first.rules.hash : first.hash;
  if (!first.ok)
    events.remark(`the policy ${path} cannot be used, so no call is let through: ${first.reason}`);

  const reload = () => {
    const read = readPolicy(path);
    const hash = read.ok ? read.rules.hash : read.hash;
    if (hash === seen) return;
    seen = hash;
    if (!read.ok) {
      const still =
        rules.unreadable === undefined ? 'the one before it stays in force' : 'still no call is let through';
      events.remark(`the policy ${path} was changed and cannot be used, ${still}: ${read.reason}`);
      events.kept(read.reason);
      return;
    }
    rules = read.rules;
    events.remark(`the policy ${path} was read again`);
    for (const listener of listeners) listener();
  };

  const stop = watchFolder(path, reload);
  return {
    rules: () => rules,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}

function readPolicy(path: string): Read {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return { ok: false, hash: 'no file', reason: errorText(error) };
  }
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (!isUtf8(bytes)) return { ok: false, hash, reason: 'it is not UTF-8.' };
  const parsed = parsePolicy(bytes.toString('utf8'));
  if (parsed.ok) return { ok: true, rules: compileRules(parsed.document, hash) };
  const told = parsed.faults.slice(0, MAX_TOLD).map(faultText).join(' ');
  return { ok: false, hash, reason: told };
}

/**
 * Watches the folder, because editors put a new file in the place of the old one, and looks at the file now and then,
 * because some file systems tell nothing.
 */
function watchFolder(path: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, RELOAD_DEBOUNCE_MS);
    timer.unref();
  };
  let watcher: FSWatcher | undefined;
  try {
    statSync(dirname(path));
    watcher = watch(dirname(path), { persistent: false }, (_event, file) => {
      if (file === null || file === basename(path)) soon();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // A folder that is not there yet is found by looking.
  }
  watchFile(path, { persistent: false, interval: RELOAD_POLL_MS }, soon);
  // It may have changed between the first reading and now.
  soon();
  return () => {
    clearTimeout(timer);
    watcher?.close();
    unwatchFile(path, soon);
  };
}
