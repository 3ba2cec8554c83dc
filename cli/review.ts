import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { classifyTool } from '../classifier/classify.ts';
import { type Ask, createAsk } from '../classifier/review/ask.ts';
import { type BudgetLimits, createBudget } from '../classifier/review/budget.ts';
import type { Answer } from '../classifier/review/opinion.ts';
import { PROMPT_VERSION } from '../classifier/review/prompt.ts';
import {
  createReviewer,
  type ReviewCache,
  type Reviewer,
  type ReviewerOptions,
} from '../classifier/review/reviewer.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { usageError } from '../crawler/fault.ts';
import type { Io } from './io.ts';
import type { ReviewOptions, ScanReviewOptions } from './review-options.ts';

export interface ReviewSettings {
  model: string;
  which: ReviewerOptions['which'];
  limits: BudgetLimits;
  concurrency: number;
}

/** Reads the options. Throws a usage error that names the option and what it takes. */
export function readReviewSettings(
  options: ReviewOptions,
  which: ReviewSettings['which'],
  { env }: Pick<Io, 'env'>,
  prefix: '' | 'review-' = '',
): ReviewSettings {
  const model = (options.model ?? env.OPENAI_MODEL ?? '').trim();
  if (model === '') throw usageError(`--${prefix}model, or the variable OPENAI_MODEL, must name a model.`);
  if (model.length > MAX_MODEL_CHARS) throw usageError(`--${prefix}model takes the name of a model.`);
  const concurrency = Number(options.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw usageError(`--${prefix}concurrency takes a whole number from 1, not '${options.concurrency}'.`);
  }
  return { model, which, limits: readLimits(options, prefix), concurrency };
}

/** It is indexed, and the longest names are paths of files. */
const MAX_MODEL_CHARS = 300;

function readLimits(options: ReviewOptions, prefix: string): BudgetLimits {
  const maxTokens = amount(`--${prefix}tokens`, options.tokens);
  const maxUsd = amount(`--${prefix}budget`, options.budget);
  const input = amount('--price-in', options.priceIn);
  const output = amount('--price-out', options.priceOut);
  const prices = input !== undefined && output !== undefined ? { input, output } : undefined;
  if (prices === undefined && (input !== undefined || output !== undefined)) {
    throw usageError('--price-in and --price-out are given together.');
  }
  if (maxUsd !== undefined && prices === undefined) {
    throw usageError(
      `--${prefix}budget needs the model's prices: give --price-in and --price-out, in US dollars for a million ` +
        `tokens, or limit the tokens with --${prefix}tokens.`,
    );
  }
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxUsd !== undefined && { maxUsd }),
    ...(prices !== undefined && { prices }),
  };
}

function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw usageError(`${option} takes a number from 0, not '${text}'.`);
  return value;
}

/**
 * Asks the server that the environment names. Throws a usage error that names the variable where there is no key; a
 * key is never part of a message.
 */
export function askFromEnvironment({ model }: Pick<ReviewSettings, 'model'>, io: Io): Ask {
  const apiKey = io.env.OPENAI_API_KEY?.trim() || undefined;
  const baseUrl = io.env.OPENAI_BASE_URL?.trim() || undefined;
  if (apiKey === undefined && baseUrl === undefined) {
    throw usageError(
      'a second opinion needs the variable OPENAI_API_KEY, or OPENAI_BASE_URL for a server that wants no key.',
    );
  }
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw usageError('the variable OPENAI_API_KEY has characters that no key has.');
  }
  if (baseUrl !== undefined && !/^https?:$/.test(URL.canParse(baseUrl) ? new URL(baseUrl).protocol : '')) {
    throw usageError('the variable OPENAI_BASE_URL is no http address, such as http://localhost:11434/v1.');
  }
  return createAsk({
    model,
    apiKey,
    baseUrl,
    fetch: globalThis.fetch,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    now: io.now,
    random: io.random,
    signal: io.signal,
  });
}

/** Reads what `scan` was given, and gives what opens the reviewer. Throws a usage error for what cannot work. */
export function reviewerFor(
  options: ScanReviewOptions,
  io: Io,
): (catalogue: Pick<Catalogue, 'reviews'> | undefined) => Reviewer {
  const { reviewModel, reviewBudget, reviewTokens, reviewConcurrency, priceIn, priceOut } = options;
  const plain = { model: reviewModel, budget: reviewBudget, tokens: reviewTokens, priceIn, priceOut };
  const which = options.review === 'all' ? 'all' : 'doubtful';
  const settings = readReviewSettings({ ...plain, concurrency: reviewConcurrency }, which, io, 'review-');
  const ask = askFromEnvironment(settings, io);
  return (catalogue) => openReviewer(settings, ask, catalogue, io);
}

/** A reviewer whose answers are kept in the catalogue, or for this run alone where there is none. */
export function openReviewer(
  settings: ReviewSettings,
  ask: Ask,
  catalogue: Pick<Catalogue, 'reviews'> | undefined,
  io: Pick<Io, 'signal'>,
  more: Pick<ReviewerOptions, 'changed' | 'maxFailuresInARow'> = {},
): Reviewer {
  const { model, which, limits, concurrency } = settings;
  return createReviewer({
    model,
    which,
    ask,
    cache: catalogue?.reviews(model, PROMPT_VERSION) ?? cacheInMemory(),
    budget: createBudget(limits),
    concurrency,
    signal: io.signal,
    ...more,
  });
}

function cacheInMemory(): ReviewCache {
  const answers = new Map<string, Answer>();
  return {
    get: async (toolHash) => answers.get(toolHash),
    async put(toolHash, answer) {
      answers.set(toolHash, answer);
    },
  };
}

/**
 * Reviews tools that are stored, several at a time, and keeps each second opinion as it comes, so that nothing is lost
 * when the run is broken off.
 */
export async function reviewTools(
  tools: AsyncIterable<ToolDefinition>,
  reviewer: Reviewer,
  catalogue: Pick<Catalogue, 'saveReviewed'>,
  concurrency: number,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let fault: { error: unknown } | undefined;
  const reviewOne = async (tool: ToolDefinition) => {
    const rules = classifyTool(tool);
    const reviewed = await reviewer.review(tool, rules);
    if (reviewed.review !== undefined) await catalogue.saveReviewed([{ rules, reviewed }]);
  };
  for await (const tool of tools) {
    if (fault !== undefined || signal.aborted || reviewer.stopped()?.kind === 'refused') break;
    const reviewing = reviewOne(tool)
      .catch((error: unknown) => {
        fault ??= { error };
      })
      .finally(() => underWay.delete(reviewing));
    underWay.add(reviewing);
    // Twice as many as are asked about at a time, so that none waits for the database.
    if (underWay.size >= concurrency * 2) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  if (fault !== undefined) throw fault.error;
}
