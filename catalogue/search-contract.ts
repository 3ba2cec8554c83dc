import { z } from 'zod';
import { Category, Classification, RiskLevel } from '../classifier/contract.ts';
import { ToolDefinition } from '../crawler/contract.ts';
import { MAX_SEARCH_RESULTS } from './limits.ts';

/** What is asked of a search. Words alone, filters alone, or both; nothing at all lists every tool. */
export const SearchQuery = z.object({
  /** As a person types them: all are to be found. Marks between them mean nothing. */
  words: z.string().default(''),
  /** Any of these. */
  categories: z.array(Category).default([]),
  risks: z.array(RiskLevel).default([]),
  /** All of these, by their ids. */
  signals: z.array(z.string()).default([]),
  /** A slug. */
  server: z.string().optional(),
  /** The source that found the server, by its id. */
  origin: z.string().optional(),
  limit: z.number().int().min(1).max(MAX_SEARCH_RESULTS).default(20),
  /** The `after` of the answer that is to be continued. */
  after: z.string().optional(),
});
export type SearchQuery = z.input<typeof SearchQuery>;

/** A tool that was found, as `CatalogueView` has it. */
export const SearchHit = z.object({
  server: z.object({ slug: z.string(), id: z.string(), label: z.string() }),
  definition: ToolDefinition,
  classification: Classification,
});
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchAnswer = z.object({
  /** The closest matches first: words in the name before words in the text. Without words, the riskiest first. */
  hits: z.array(SearchHit),
  /** Continues the search where it was cut; absent where there is no more. */
  after: z.string().optional(),
  /** Words that no tool has, and what was looked for in their place; nothing, where nothing is near. */
  respelt: z.array(z.object({ word: z.string(), as: z.string().optional() })),
  /** Servers that list something else now than what was searched. */
  waitingServers: z.number().int(),
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;
