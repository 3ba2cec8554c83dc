import type { Command as Commander } from 'commander';

/** What `review` and `scan --review` let the user say about second opinions, as commander reads it. */
export interface ReviewOptions {
  model?: string | undefined;
  budget?: string | undefined;
  tokens?: string | undefined;
  concurrency: string;
  priceIn?: string | undefined;
  priceOut?: string | undefined;
}

/** The same on `scan`. */
export interface ScanReviewOptions {
  review?: string | true;
  reviewModel?: string;
  reviewBudget?: string;
  reviewTokens?: string;
  reviewConcurrency: string;
  priceIn?: string;
  priceOut?: string;
}

/** Declares them. On a command that does more than review, the names begin with `review-`. */
export function addReviewOptions(command: Commander, prefix: '' | 'review-' = ''): void {
  command
    .option(`--${prefix}model <name>`, 'the language model that is asked (default: $OPENAI_MODEL)')
    .option(`--${prefix}budget <usd>`, 'stop before this many US dollars are spent; needs both prices')
    .option(`--${prefix}tokens <number>`, 'stop before this many tokens are used')
    .option(`--${prefix}concurrency <number>`, 'requests under way at a time', '4')
    .option('--price-in <usd>', "the model's price of a million tokens that it is sent")
    .option('--price-out <usd>', "the model's price of a million tokens that it answers with");
}
