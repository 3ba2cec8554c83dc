import { and, eq } from 'drizzle-orm';
import type { Classification } from '../classifier/contract.ts';
import { Answer } from '../classifier/review/opinion.ts';
import type { ReviewCache } from '../classifier/review/reviewer.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import type { Database } from './database.ts';
import { reviews, servers } from './schema.ts';
import { storeVerdicts } from './store-verdicts.ts';
import { readView } from './view.ts';

/** What one model answered to one version of the question, as it is stored. An answer is never edited. */
export function reviewCache(
  db: Database,
  model: string,
  promptVersion: string,
  now: () => Date,
): ReviewCache {
  return {
    async get(toolHash) {
      const [row] = await db
        .select({ answer: reviews.answer })
        .from(reviews)
        .where(
          and(
            eq(reviews.toolHash, toolHash),
            eq(reviews.model, model),
            eq(reviews.promptVersion, promptVersion),
          ),
        );
      return row === undefined ? undefined : Answer.parse(row.answer);
    },
    async put(toolHash, answer, { promptTokens, completionTokens }) {
      await db
        .insert(reviews)
        .values({ toolHash, model, promptVersion, answer, promptTokens, completionTokens, reviewedAt: now() })
        .onConflictDoNothing();
    },
  };
}

/** A rules' verdict with a second opinion on it, and without. */
export interface ReviewedVerdict {
  rules: Classification;
  reviewed: Classification;
}

/** Keeps both verdicts on tools that are stored; the reviewed one is the newer. */
export async function saveReviewed(
  db: Database,
  verdicts: readonly ReviewedVerdict[],
  judgedAt: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    await storeVerdicts(
      tx,
      verdicts.map(({ rules }) => rules),
      judgedAt,
    );
    await storeVerdicts(
      tx,
      verdicts.map(({ reviewed }) => reviewed),
      judgedAt,
    );
  });
}

/**
 * The definitions that the servers have now, or the server with this slug, each once; server by server, so that a
 * large catalogue is never in memory as a whole.
 */
export async function* currentTools(
  db: Database,
  classifierVersion: string,
  slug?: string,
): AsyncGenerator<ToolDefinition> {
  const slugs =
    slug === undefined
      ? (await db.select({ slug: servers.slug }).from(servers).orderBy(servers.slug)).map((row) => row.slug)
      : [slug];
  const seen = new Set<string>();
  for (const one of slugs) {
    const view = await readView(db, classifierVersion, one);
    for (const { definition } of view.servers.flatMap(({ tools }) => tools)) {
      if (seen.has(definition.hash)) continue;
      seen.add(definition.hash);
      yield definition;
    }
  }
}
