import type { ServerView, ToolView } from '../catalogue/contract.ts';
import { compareText } from '../policy/order.ts';
import {
  MAX_RELATED,
  MAX_SIBLINGS,
  MAX_TOOLS_PER_WORD,
  MAX_TOOLS_PER_WORD_AND_SERVER,
  MAX_WORDS,
} from './limits.ts';

interface RelatedTool {
  server: ServerView;
  tool: ToolView;
}

/** Related tools, from an index that is made once for all pages. */
export interface RelatedTools {
  /** Tools of the same category on other servers whose names share words, those that share the rarest first. */
  elsewhere(server: ServerView, tool: ToolView): RelatedTool[];
  /** The tools that stand beside it in its server's list of names. */
  siblings(server: ServerView, tool: ToolView): ToolView[];
}

interface Candidate extends RelatedTool {
  /** How many words its name has: sharing one of two says more than sharing one of eight. */
  words: number;
}

interface Bucket {
  /** How many tools have the word, kept or not. */
  size: number;
  kept: Candidate[];
}

/** Makes the index. Every look-up afterwards costs the same however large the catalogue is. */
export function findRelated(servers: readonly ServerView[]): RelatedTools {
  const buckets = new Map<string, Bucket>();
  for (const server of servers) {
    const used = new Map<string, number>();
    for (const tool of server.tools) {
      const found = keys(tool);
      for (const key of found) addTo(buckets, used, key, { server, tool, words: found.length });
    }
  }
  return {
    elsewhere: (server, tool) => elsewhere(buckets, server, tool),
    siblings: (server, tool) => around(server.tools, server.tools.indexOf(tool)),
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

function keys(tool: ToolView): string[] {
  const { category } = tool.classification;
  return nameWords(tool.definition.name).map((word) => `${category} ${word}`);
}

function addTo(buckets: Map<string, Bucket>, used: Map<string, number>, key: string, entry: Candidate): void {
  const bucket = buckets.get(key) ?? { size: 0, kept: [] };
  buckets.set(key, bucket);
  bucket.size++;
  const ofServer = used.get(key) ?? 0;
  if (bucket.kept.length >= MAX_TOOLS_PER_WORD || ofServer >= MAX_TOOLS_PER_WORD_AND_SERVER) return;
  used.set(key, ofServer + 1);
  bucket.kept.push(entry);
}

function elsewhere(buckets: ReadonlyMap<string, Bucket>, server: ServerView, tool: ToolView): RelatedTool[] {
  const scores = new Map<ToolView, { entry: Candidate; score: number }>();
  for (const key of keys(tool)) {
    const bucket = buckets.get(key);
    if (bucket === undefined) continue;
    const weight = 1 / Math.log2(2 + bucket.size);
    for (const entry of bucket.kept) {
      if (entry.server === server) continue;
      const known = scores.get(entry.tool);
      if (known === undefined) scores.set(entry.tool, { entry, score: weight / Math.sqrt(1 + entry.words) });
      else known.score += weight / Math.sqrt(1 + entry.words);
    }
  }
  return [...scores.values()]
    .sort((a, b) => b.score - a.score || byAddress(a.entry, b.entry))
    .slice(0, MAX_RELATED)
    .map(({ entry: { server: itsServer, tool: itself } }) => ({ server: itsServer, tool: itself }));
}

/** Names that begin alike stand together, so the neighbours are the nearest. */
function around(tools: readonly ToolView[], index: number): ToolView[] {
  const from = Math.max(0, Math.min(index - MAX_SIBLINGS / 2, tools.length - MAX_SIBLINGS - 1));
  return tools.slice(from, from + MAX_SIBLINGS + 1).filter((_, i) => from + i !== index);
}

function byAddress(a: RelatedTool, b: RelatedTool): number {
  return compareText(a.server.slug, b.server.slug) || compareText(a.tool.slug, b.tool.slug);
}
