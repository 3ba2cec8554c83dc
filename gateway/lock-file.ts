import { readFileSync } from 'node:fs';
import { isObject } from '../crawler/json.ts';
import { errorText } from '../crawler/text.ts';
import { readJson } from '../policy/json-text.ts';

/** The definitions that one server's tools had when they were locked, or why nobody knows. */
export type Lock = { ok: true; hashes: ReadonlyMap<string, string> } | { ok: false; reason: string };

/**
 * Reads the part of `catalogue.lock.json` that is about one server: `{ "servers": { "<server>": { "tools": { "<name>":
 * "<hash>" } } } }`, each hash that of `ToolDefinition`. Never throws: with a lock that cannot be read all is denied.
 */
export function readLock(path: string, server: string): Lock {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, reason: `the lock file cannot be read: ${errorText(error)}.` };
  }
  const read = readJson(text);
  if (!read.ok) {
    const { pointer, message, remedy } = read.fault;
    return { ok: false, reason: `the lock file cannot be read: ${pointer} ${message}. ${remedy}` };
  }
  const tools = memberOf(memberOf(memberOf(read.value, 'servers'), server), 'tools');
  if (!isObject(tools))
    return { ok: false, reason: `the lock file has nothing about the server ${JSON.stringify(server)}.` };
  const entries = Object.entries(tools);
  const odd = entries.find(([, hash]) => typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash));
  if (odd) return { ok: false, reason: `the lock file has no hash for the tool ${JSON.stringify(odd[0])}.` };
  return { ok: true, hashes: new Map(entries.map(([name, hash]) => [name, String(hash)])) };
}

function memberOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
