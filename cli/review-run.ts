import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Ask } from '../classifier/review/ask.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { count, number } from '../site/words.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import { type Io, write } from './io.ts';
import { jsonText } from './published.ts';
import { openReviewer, type ReviewSettings, reviewTools } from './review.ts';
import { askBatch, readBatch, toolsWithResult, writeBatch } from './review-batch.ts';
import { publishReview, refusalText, reviewProgress, reviewText } from './review-report.ts';

/** A review of stored tools: what it is made with, and how it is told. */
interface ReviewRun {
  settings: ReviewSettings;
  catalogue: Catalogue;
  tools: AsyncIterable<ToolDefinition>;
  json: boolean;
}

type Work = (run: ReviewRun, io: Io) => Promise<Exit>;

/** Asks the model about the tools, and keeps each opinion as it comes. */
export function askModel(ask: Ask): Work {
  return async ({ settings, catalogue, tools, json }, io) => {
    const progress = reviewProgress(io);
    const reviewer = openReviewer(settings, ask, catalogue, io, { changed: () => progress.draw(reviewer) });
    await reviewTools(tools, reviewer, catalogue, settings.concurrency, io.signal).finally(progress.end);
    const published = publishReview(reviewer);
    await write(io.stdout, json ? `${jsonText(published, 2)}\n` : reviewText(reviewer));
    await write(io.stderr, refusalText(reviewer));
    if (io.signal.aborted) return EXIT.interrupted;
    return reviewer.stopped()?.kind === 'refused' ? EXIT.usage : EXIT.done;
  };
}

/** Writes the requests that would be made to files for the Batch API. */
export function writeRequests(file: string): Work {
  return async ({ settings, catalogue, tools, json }, io) => {
    const { files, requests, atMost } = await writeBatch(tools, settings, catalogue, file, io);
    if (io.signal.aborted) return EXIT.interrupted;
    const text =
      requests === 0
        ? 'There is nothing to ask: every tool that wants a second opinion has one.\n'
        : `Wrote ${count(requests, 'request')} to ${files.join(', ')}: at most ${number(atMost.promptTokens)} tokens in, ` +
          `${number(atMost.completionTokens)} out.\nWhen the batch is done: catalogue review --model ${settings.model} --apply <output file>\n`;
    await write(io.stdout, json ? `${jsonText({ files, requests, atMost }, 2)}\n` : text);
    return EXIT.done;
  };
}

/** Reads the results of a batch as if the model had just answered. What was paid for is applied to all that it has. */
export function applyResults(file: string): Work {
  return async ({ settings, catalogue, tools, json }, io) => {
    const { model, concurrency, limits } = settings;
    const results = await readBatch(file, io);
    const all: ReviewSettings = {
      ...settings,
      which: 'all',
      limits: limits.prices ? { prices: limits.prices } : {},
    };
    const patient = { maxFailuresInARow: Number.POSITIVE_INFINITY };
    const reviewer = openReviewer(all, askBatch(results, model), catalogue, io, patient);
    const taken = new Set<string>();
    const answered = toolsWithResult(tools, results, model, taken);
    await reviewTools(answered, reviewer, catalogue, concurrency, io.signal);
    const strangers = results.byId.size - taken.size;
    const { unread } = results;
    const published = { ...publishReview(reviewer), resultsWithoutTool: strangers, unreadLines: unread };
    const text = `${reviewText(reviewer)}${strangersText(strangers, unread, model)}`;
    await write(io.stdout, json ? `${jsonText(published, 2)}\n` : text);
    return io.signal.aborted ? EXIT.interrupted : EXIT.done;
  };
}

function strangersText(strangers: number, unread: number, model: string): string {
  const lines = [
    ...(strangers > 0
      ? [
          `  ${count(strangers, 'result')} for no tool here: of another model than ${model}, of another version of the question, or of tools that are gone`,
        ]
      : []),
    ...(unread > 0 ? [`  ${count(unread, 'line')} that ${unread === 1 ? 'is' : 'are'} no result`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
