import type { ServerNames } from '../catalogue/contract.ts';
import type { ToolLink } from './contract.ts';
import { MAX_RELATED, MAX_TOOLS_PER_WORD, MAX_WORDS } from './limits.ts';
import { weightOf } from './totals.ts';

/** Tools that are alike, from an index that is made once for all pages. */
export interface RelatedTools {
  add(server: ServerNames): void;
  /** Tools of the same category on other servers whose names share words, the most alike first. */
  of(serverSlug: string, tool: NamedTool): ToolLink[];
  /** The keys under which a tool would be found that is, or was, on this server. */
  keysThatKeep(serverSlug: string, tool: NamedTool): string[];
}

type NamedTool = ServerNames['tools'][number];

interface Candidate {
  link: ToolLink;
  words: readonly string[];
  weight: number;
}

/**
 * Starts the index. A look-up costs the same however large the catalogue is: for each word of a name, and for the name
 * as a whole, the index keeps a few tools, chosen by a hash. So a list changes only when one of the tools in it does,
 * and a build after few changes makes few pages anew.
 */
export function startRelated(): RelatedTools {
  const buckets = new Map<string, Candidate[]>();
  return {
    add({ slug, label, tools }) {
      const server = { slug, label };
      for (const tool of tools) {
        const words = nameWords(tool.name);
        const { slug: toolSlug, name, category, risk } = tool;
        const link: ToolLink = { server, tool: { slug: toolSlug, name, category, risk } };
        const candidate = { link, words, weight: weightOf(slug, toolSlug) };
        for (const key of keysOf(category, words)) keep(buckets, key, candidate);
      }
    },
    keysThatKeep: (serverSlug, { slug, name, category }) =>
      keysOf(category, nameWords(name)).filter((key) => {
        const kept = buckets.get(key) ?? [];
        const last = kept.at(-1);
        return (
          kept.length < MAX_TOOLS_PER_WORD || last === undefined || weightOf(serverSlug, slug) <= last.weight
        );
      }),
    of(serverSlug, { name, category }) {
      const words = nameWords(name);
      const found = new Set(keysOf(category, words).flatMap((key) => buckets.get(key) ?? []));
      return [...found]
        .filter(({ link }) => link.server.slug !== serverSlug)
        .map((candidate) => ({ candidate, likeness: likeness(words, candidate.words) }))
        .sort((a, b) => b.likeness - a.likeness || a.candidate.weight - b.candidate.weight)
        .slice(0, MAX_RELATED)
        .map(({ candidate }) => candidate.link);
    },
  };
}

/** The words of a name, in lower case: `createSession`, `create_session` and `create-session` have the same. */
function nameWords(name: string): string[] {
  const words = name
    .slice(0, 500)
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return [...new Set(words)].slice(0, MAX_WORDS);
}

/** The keys by which a tool looks for others. */
export function relatedKeys({ category, name }: NamedTool): string[] {
  return keysOf(category, nameWords(name));
}

/** Each word by itself, and all of them together: the tools of one name must not be lost among those of one word. */
function keysOf(category: string, words: readonly string[]): string[] {
  const whole = words.length > 1 ? [`${category} ${words.toSorted().join(' ')}`] : [];
  return [...whole, ...words.map((word) => `${category} ${word}`)];
}

function keep(buckets: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const kept = buckets.get(key);
  if (kept === undefined) {
    buckets.set(key, [candidate]);
    return;
  }
  const last = kept.at(-1);
  if (kept.length === MAX_TOOLS_PER_WORD && last !== undefined && candidate.weight >= last.weight) return;
  const same = kept.findIndex(({ link }) => link.server.slug === candidate.link.server.slug);
  if (same >= 0) {
    if ((kept[same]?.weight ?? 0) <= candidate.weight) return;
    kept.splice(same, 1);
  }
  const at = kept.findIndex(({ weight }) => weight > candidate.weight);
  kept.splice(at < 0 ? kept.length : at, 0, candidate);
  if (kept.length > MAX_TOOLS_PER_WORD) kept.pop();
}

/** The share of words that two names have in common, of all that they have. */
function likeness(words: readonly string[], others: readonly string[]): number {
  const shared = words.filter((word) => others.includes(word)).length;
  return shared / (words.length + others.length - shared);
}
