import { isObject } from '../crawler/json.ts';
import type { Rules } from './rules.ts';

/** What a lock says of one entry of `tools/list`; undefined where it matches or there is no lock. */
export type EntryCheck = (entry: Record<string, unknown>) => string | undefined;

/**
 * A page of `tools/list` as the client may see it, or undefined for one that cannot be read and is not passed on.
 * Hidden tools and what only looks like one are taken out, and so is an entry that is no tool. The definition of a
 * tool that a lock denies is replaced: a description that has changed speaks to the model. All else is left as it is.
 */
export function visiblePage(
  result: unknown,
  rules: Rules,
  check: EntryCheck,
): { page: Record<string, unknown>; names: string[]; changed: boolean } | undefined {
  if (!isObject(result) || !Array.isArray(result.tools)) return undefined;
  const names: string[] = [];
  let changed = false;
  const tools = result.tools.flatMap((entry: unknown) => {
    if (!isObject(entry) || typeof entry.name !== 'string') {
      changed = true;
      return [];
    }
    names.push(entry.name);
    const reason = check(entry);
    const hidden = isHidden(rules, entry.name);
    changed ||= hidden || reason !== undefined;
    if (hidden) return [];
    return [reason === undefined ? entry : locked(entry.name, reason)];
  });
  return { page: changed ? { ...result, tools } : result, names, changed };
}

/** Whether the policy takes a tool out of the list. */
function isHidden({ document, names, meant }: Rules, tool: string): boolean {
  const hide = document.hide ?? [];
  if (hide.includes('*') || hide.includes(tool)) return true;
  const other = names(tool) ? undefined : meant(tool);
  return other !== undefined && hide.includes(other);
}

function locked(name: string, reason: string): Record<string, unknown> {
  return { name, description: `Calls are denied: ${reason}`, inputSchema: { type: 'object' } };
}
