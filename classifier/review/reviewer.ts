import type { ToolDefinition } from '../../crawler/contract.ts';
import type { Classification } from '../contract.ts';
import { applyOpinion, wantsReview } from './apply.ts';
import type { Ask, Asked } from './ask.ts';
import type { Budget, Hold, Spent } from './budget.ts';
import { MAX_FAILURES_IN_A_ROW } from './limits.ts';
import { type Answer, isAbout, readCompletion, type Usage } from './opinion.ts';
import { PROMPT_VERSION } from './prompt.ts';
import { estimateOf } from './request.ts';
import { createSlots } from './slots.ts';
import { countReason, emptyTally, type Tally } from './tally.ts';

/** Answers of one model to one version of the question, by the tool's hash. */
export interface ReviewCache {
  get(toolHash: string): Promise<Answer | undefined>;
  put(toolHash: string, answer: Answer, usage: Usage): Promise<void>;
}

export interface ReviewerOptions {
  model: string;
  which: 'doubtful' | 'all';
  ask: Ask;
  cache: ReviewCache;
  budget: Budget;
  /** Requests under way at a time. */
  concurrency: number;
  signal: AbortSignal;
  /** Tools in a row without an answer that stop the review. */
  maxFailuresInARow?: number;
  /** Called whenever the tally has changed. */
  changed?: () => void;
}

/** Why nothing more is asked. */
interface Stop {
  /** `budget`: as the user wanted it. `refused`: the server does not answer, or not to us. */
  kind: 'budget' | 'refused';
  message: string;
}

export interface Reviewer {
  model: string;
  /** The verdict with a second opinion on it, or the same verdict where none is wanted or to be had. */
  review(definition: ToolDefinition, rules: Classification): Promise<Classification>;
  tally(): Readonly<Tally>;
  /** In this run; answers from the cache cost nothing. */
  spent(): Spent;
  stopped(): Stop | undefined;
}

/**
 * Gets second opinions: from the cache, or from the model, each tool once, within the budget. What cannot be had
 * leaves the rules' verdict as it is and is counted.
 */
export function createReviewer(options: ReviewerOptions): Reviewer {
  const { model, which, ask, cache, budget, signal, changed = () => {} } = options;
  const { maxFailuresInARow = MAX_FAILURES_IN_A_ROW } = options;
  const slots = createSlots(options.concurrency);
  const tally = emptyTally();
  const underWay = new Map<string, Promise<Answer | undefined>>();
  let stop: Stop | undefined;
  let failuresInARow = 0;

  async function review(definition: ToolDefinition, rules: Classification): Promise<Classification> {
    if (!wantsReview(rules, which)) return rules;
    tally.wanted++;
    const answer = await answerOnce(definition);
    const reviewed = answer === undefined ? rules : follow(definition, rules, answer);
    changed();
    return reviewed;
  }

  function follow(definition: ToolDefinition, rules: Classification, answer: Answer): Classification {
    if (answer.kind === 'refusal' || !isAbout(definition, answer)) {
      countReason(tally.discarded, answer.kind === 'refusal' ? 'refused' : 'quote-not-found');
      return rules;
    }
    const reviewed = applyOpinion(definition, rules, answer, { model, promptVersion: PROMPT_VERSION });
    if (reviewed.review !== undefined) tally.outcomes[reviewed.review.outcome]++;
    return reviewed;
  }

  /** Two servers with the same tool ask one question. */
  async function answerOnce(definition: ToolDefinition): Promise<Answer | undefined> {
    const { hash } = definition;
    const other = underWay.get(hash);
    if (other !== undefined) {
      const answer = await other;
      if (answer !== undefined) tally.fromCache++;
      return answer;
    }
    const answering = answerTo(definition).finally(() => underWay.delete(hash));
    underWay.set(hash, answering);
    return answering;
  }

  async function answerTo(definition: ToolDefinition): Promise<Answer | undefined> {
    const known = await cache.get(definition.hash);
    if (known !== undefined) {
      tally.fromCache++;
      return known;
    }
    return slots.run(() => askWithin(definition));
  }

  async function askWithin(definition: ToolDefinition): Promise<Answer | undefined> {
    const estimate = estimateOf(definition);
    const hold = isOver() ? undefined : await budget.reserve(estimate);
    if (hold === undefined || isOver()) {
      hold?.settle({ promptTokens: 0, completionTokens: 0 });
      if (!isOver()) stop = { kind: 'budget', message: 'The budget does not allow another request' };
      tally.left++;
      return undefined;
    }
    try {
      return await take(definition, await ask(definition), estimate, hold);
    } finally {
      // Only where something of ours has failed; all other ways have settled it.
      hold.settle(estimate);
    }
  }

  async function take(
    definition: ToolDefinition,
    asked: Asked,
    estimate: Usage,
    hold: Hold,
  ): Promise<Answer | undefined> {
    if (asked.kind !== 'answered') {
      // A request that was broken off may be charged.
      const isCharged = asked.kind === 'aborted' || (asked.kind === 'failed' && asked.charged);
      hold.settle(isCharged ? estimate : { promptTokens: 0, completionTokens: 0 });
      notAnswered(asked);
      return undefined;
    }
    tally.asked++;
    failuresInARow = 0;
    const { answer, discarded, usage = estimate } = readCompletion(definition, asked.body);
    hold.settle(usage);
    if (answer === undefined) countReason(tally.discarded, discarded ?? 'empty');
    if (answer !== undefined) await cache.put(definition.hash, answer, usage);
    return answer;
  }

  function notAnswered(asked: Exclude<Asked, { kind: 'answered' }>): void {
    if (asked.kind !== 'failed') {
      tally.left++;
      if (asked.kind === 'hopeless') stop ??= { kind: 'refused', message: asked.message };
      return;
    }
    tally.asked++;
    countReason(tally.failed, asked.reason);
    if (++failuresInARow < maxFailuresInARow) return;
    const message = `${maxFailuresInARow} tools in a row got no answer, the last because of: ${asked.detail}`;
    stop ??= { kind: 'refused', message };
  }

  function isOver(): boolean {
    return signal.aborted || stop !== undefined;
  }

  return { model, review, tally: () => tally, spent: budget.spent, stopped: () => stop };
}
