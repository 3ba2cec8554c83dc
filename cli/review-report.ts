import type { Spent } from '../classifier/review/budget.ts';
import { PROMPT_VERSION } from '../classifier/review/prompt.ts';
import type { Reviewer } from '../classifier/review/reviewer.ts';
import { visible } from '../site/visible.ts';
import { count, cut, number } from '../site/words.ts';
import type { Io } from './io.ts';

/** What a person reads at the end of a review. */
export function reviewText(reviewer: Reviewer): string {
  const { wanted, asked, fromCache, outcomes, discarded, failed, left } = reviewer.tally();
  const { agrees, raised, lowered } = outcomes;
  const stop = reviewer.stopped();
  return [
    `Second opinions by ${visible(reviewer.model)} on ${count(wanted, 'tool')}: ${number(asked)} asked, ${number(fromCache)} known before.`,
    `  ${agrees} agree, ${raised} raised, ${lowered} lowered, ${outcomes['not-followed']} not followed`,
    ...reasonLines('discarded', discarded),
    ...reasonLines('not answered', failed),
    `  ${spentWords(reviewer.spent())}`,
    ...(left > 0 ? [`  ${count(left, 'tool')} not asked about`] : []),
    ...(stop?.kind === 'budget'
      ? [`${stop.message}: the same command with a larger one goes on from here.`]
      : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function reasonLines(label: string, counts: Partial<Record<string, number>>): string[] {
  const entries = Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  return [`  ${label}: ${entries.map(([reason, n]) => `${n} ${reason}`).join(', ')}`];
}

const USD_DIGITS = 4;

function spentWords({ promptTokens, completionTokens, usd }: Spent): string {
  const tokens = `${number(promptTokens)} tokens in, ${number(completionTokens)} out`;
  return usd === undefined ? tokens : `${tokens}, $${usd.toFixed(USD_DIGITS)}`;
}

/** The same for programs. */
export function publishReview(reviewer: Reviewer): Record<string, unknown> {
  const stop = reviewer.stopped();
  return {
    model: reviewer.model,
    promptVersion: PROMPT_VERSION,
    ...reviewer.tally(),
    spent: reviewer.spent(),
    stopped: stop === undefined ? null : { kind: stop.kind, message: shownMessage(stop.message) },
  };
}

const MAX_MESSAGE_CHARS = 500;

function shownMessage(message: string): string {
  return cut(visible(message), MAX_MESSAGE_CHARS);
}

/** Why a server gave no opinions, as one line; empty when it did. */
export function refusalText(reviewer: Reviewer): string {
  const stop = reviewer.stopped();
  return stop?.kind === 'refused'
    ? `catalogue: no more second opinions: ${shownMessage(stop.message)}. What was judged is kept.\n`
    : '';
}

/** One line on a terminal with the running total; nothing elsewhere. */
export function reviewProgress({ stderr }: Pick<Io, 'stderr'>): {
  draw(reviewer: Reviewer): void;
  end(): void;
} {
  if (!stderr.isTerminal) return { draw() {}, end() {} };
  return {
    draw(reviewer) {
      const { asked, fromCache } = reviewer.tally();
      stderr.stream.write(
        `\r\u001b[K${number(asked)} asked, ${number(fromCache)} known before; ${spentWords(reviewer.spent())} …`,
      );
    },
    end: () => void stderr.stream.write('\r\u001b[K'),
  };
}
