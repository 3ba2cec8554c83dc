import type { Condition, PolicyDocument, ToolRule } from '../policy/contract.ts';
import { fold } from './fold.ts';

/** A policy as the gateway uses it: the document, and what is looked up at every call. */
export interface Rules {
  document: PolicyDocument;
  /** SHA-256 of the file's bytes, lower-case hex. */
  hash: string;
  /** Why nothing is allowed, where the policy could not be read. */
  unreadable?: string;
  /** Whether the document names a tool exactly. */
  names(tool: string): boolean;
  /** The tool named in the document that this one can be taken for, if it is not that one. */
  meant(tool: string): string | undefined;
  /** By fold, the argument names that a tool's rule looks at. */
  guarded(tool: string): ReadonlyMap<string, ReadonlySet<string>> | undefined;
}

/** Prepares a document for use. */
export function compileRules(document: PolicyDocument, hash: string): Rules {
  const tools = Object.entries(document.tools ?? {});
  const named = new Set([
    ...tools.map(([name]) => name),
    ...(document.hide ?? []).filter((name) => name !== '*'),
  ]);
  const byFold = new Map([...named].map((name) => [fold(name), name]));
  const guarded = new Map(tools.map(([name, rule]) => [name, guardedNames(rule, document)]));
  const everywhere = guardedNames({}, document);
  return {
    document,
    hash,
    names: (tool) => named.has(tool),
    meant: (tool) => (named.has(tool) ? undefined : byFold.get(fold(tool))),
    guarded(tool) {
      const names = guarded.get(tool) ?? everywhere;
      return names.size > 0 ? names : undefined;
    },
  };
}

/** What stands in for a policy that cannot be read: nothing is allowed. */
export function nothingAllowed(reason: string): Rules {
  const deny = 'deny' as const;
  const methods = { resources: deny, prompts: deny, sampling: deny, elicitation: deny, unknown: deny };
  return { ...compileRules({ version: '1', default: 'deny', methods }, ''), unreadable: reason };
}

function guardedNames(rule: ToolRule, document: PolicyDocument): Map<string, Set<string>> {
  const predicates = [...(rule.require ?? []), ...(rule.deny_if ?? []), ...(rule.require_approval ?? [])];
  const limits = [...(rule.limits ?? []), ...(document.all_tools?.limits ?? [])];
  const paths = [
    ...predicates.flatMap(({ conditions }) => conditions.map(({ path }: Condition) => path)),
    ...limits.flatMap(({ increment_from }) => increment_from ?? []),
  ];
  const names = new Map<string, Set<string>>();
  for (const name of paths.flatMap((path) => path.replaceAll('[]', '').split('.').slice(1))) {
    const key = fold(name);
    names.set(key, (names.get(key) ?? new Set()).add(name));
  }
  return names;
}
