import type { Usage } from './opinion.ts';

/** US dollars for a million tokens. */
interface Prices {
  input: number;
  output: number;
}

export interface BudgetLimits {
  /** Prompt and answer together. */
  maxTokens?: number;
  /** Only with prices. */
  maxUsd?: number;
  prices?: Prices;
}

export interface Spent extends Usage {
  /** Only with prices. */
  usd?: number;
}

/** Tokens set aside for a request that is under way. */
export interface Hold {
  /** Gives them back for what the request really took. */
  settle(usage: Usage): void;
}

export interface Budget {
  /**
   * Sets aside the most that a request can take. Waits while requests under way might give something back, and gives
   * nothing when the rest is too little: the limit is never passed as long as no request takes more than its estimate.
   */
  reserve(estimate: Usage): Promise<Hold | undefined>;
  spent(): Spent;
}

const TOKENS_PER_PRICE = 1_000_000;

/** A budget of tokens, of money, of both or of neither. */
export function createBudget({ maxTokens, maxUsd, prices }: BudgetLimits): Budget {
  let spent: Usage = { promptTokens: 0, completionTokens: 0 };
  const held = new Set<Usage>();
  let waiting: (() => void)[] = [];

  const fits = (estimate: Usage) => {
    const total = [...held, estimate].reduce(add, spent);
    return (
      (maxTokens === undefined || total.promptTokens + total.completionTokens <= maxTokens) &&
      (maxUsd === undefined || prices === undefined || costOf(total, prices) <= maxUsd)
    );
  };

  return {
    async reserve(estimate) {
      while (!fits(estimate)) {
        if (held.size === 0) return undefined;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      // A copy, because two requests may have one and the same estimate.
      const mine = { ...estimate };
      held.add(mine);
      return {
        settle(usage) {
          if (!held.delete(mine)) return;
          spent = add(spent, usage);
          const woken = waiting;
          waiting = [];
          for (const wake of woken) wake();
        },
      };
    },
    spent: () => ({ ...spent, ...(prices && { usd: costOf(spent, prices) }) }),
  };
}

function add(a: Usage, b: Usage): Usage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
  };
}

/** What tokens cost, in US dollars. */
function costOf({ promptTokens, completionTokens }: Usage, { input, output }: Prices): number {
  return (promptTokens * input + completionTokens * output) / TOKENS_PER_PRICE;
}
