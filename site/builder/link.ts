import type { ToolBrief } from '../brief.ts';
import { MAX_LINK_CHARS } from '../limits.ts';
import { type Decision, type Draft, WINDOWS } from './draft.ts';

/**
 * A draft in the address of a page. Tools stand there by their slugs, which hold no dot and no character that an
 * address would change: `?server=crow&deny=a.b&limit=30.minute.c&arguments=off`.
 */

const PLAIN = ['allow', 'ask', 'deny', 'hide'] as const;

/** What a draft adds to the address. A document that was pasted is no part of it. */
export function draftToQuery(draft: Draft, tools: readonly ToolBrief[]): URLSearchParams {
  const query = new URLSearchParams();
  const slugs = new Map(tools.toReversed().map(({ name, slug }) => [name, slug]));
  const decided = [...draft.decisions].flatMap(([name, decision]) => {
    const slug = slugs.get(name);
    return slug === undefined ? [] : [{ slug, key: keyOf(decision) }];
  });
  const byKey = Map.groupBy(decided, ({ key }) => key.join('='));
  for (const [, all] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [name, ...first] = all[0]?.key ?? ['allow'];
    query.append(name, [...first, ...all.map(({ slug }) => slug).sort()].join('.'));
  }
  if (!draft.guards) query.set('arguments', 'off');
  return query;
}

function keyOf(decision: Decision): [string, ...string[]] {
  if (decision.choice !== 'limit') return [decision.choice];
  return ['limit', `${decision.max}.${decision.window}`];
}

/** The decisions of an address, and how many of it are about tools that are not there or make no sense. */
export function draftFromQuery(
  query: URLSearchParams,
  tools: readonly ToolBrief[],
): { draft: Draft; lost: number } {
  const names = new Map(tools.map(({ name, slug }) => [slug, name]));
  const decisions = new Map<string, Decision>();
  let lost = 0;
  const decide = (slug: string, decision: Decision | undefined) => {
    const name = names.get(slug);
    if (name === undefined || decision === undefined) lost++;
    else decisions.set(name, decision);
  };
  for (const choice of PLAIN) {
    for (const value of query.getAll(choice)) {
      for (const slug of value.split('.')) decide(slug, { choice });
    }
  }
  for (const value of query.getAll('limit')) {
    const [max = '', window, ...slugs] = value.split('.');
    const limit = limitOf(max, window);
    for (const slug of slugs) decide(slug, limit);
  }
  return { draft: { decisions, guards: query.get('arguments') !== 'off' }, lost };
}

function limitOf(max: string, window: string | undefined): Decision | undefined {
  const known = WINDOWS.find((each) => each === window);
  return known === undefined || !/^\d{1,9}$/.test(max)
    ? undefined
    : { choice: 'limit', max: Number(max), window: known };
}

/** Whether a link would be longer than everything passes on. */
export function isTooLong(address: string): boolean {
  return address.length > MAX_LINK_CHARS;
}
