import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { classifyTool } from '../classifier/classify.ts';
import { wantsReview } from '../classifier/review/apply.ts';
import type { Ask } from '../classifier/review/ask.ts';
import {
  type BatchLimits,
  type BatchResult,
  batchLine,
  createSplitter,
  customId,
  readBatchLine,
} from '../classifier/review/batch.ts';
import type { Usage } from '../classifier/review/opinion.ts';
import { PROMPT_VERSION } from '../classifier/review/prompt.ts';
import { estimateOf } from '../classifier/review/request.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { readTextLines } from '../crawler/text-lines.ts';
import { openInput } from './input.ts';
import type { Io } from './io.ts';
import type { ReviewSettings } from './review.ts';

/** What was written for a batch. */
export interface WrittenBatch {
  files: string[];
  requests: number;
  /** The most that the requests can take. */
  atMost: Usage;
}

/**
 * Writes the requests for tools without an answer, in as many files as the API's limits ask for: `name.jsonl`, then
 * `name-2.jsonl` and so on. A file is never seen half written. Throws a usage error when one cannot be written.
 */
export async function writeBatch(
  tools: AsyncIterable<ToolDefinition>,
  { model, which }: Pick<ReviewSettings, 'model' | 'which'>,
  catalogue: Pick<Catalogue, 'reviews'>,
  path: string,
  io: Pick<Io, 'cwd' | 'signal'>,
  limits?: BatchLimits,
): Promise<WrittenBatch> {
  const cache = catalogue.reviews(model, PROMPT_VERSION);
  const fileOf = createSplitter(limits);
  const written: WrittenBatch = { files: [], requests: 0, atMost: { promptTokens: 0, completionTokens: 0 } };
  let current: PartialFile | undefined;
  try {
    for await (const tool of tools) {
      if (io.signal.aborted) break;
      if (!wantsReview(classifyTool(tool), which) || (await cache.get(tool.hash)) !== undefined) continue;
      const line = batchLine(tool, model);
      const name = fileName(path, fileOf(line));
      if (current?.name !== name) {
        await current?.finish();
        current = await openPartial(resolve(io.cwd, name), name);
        written.files.push(name);
      }
      await current.handle.write(line);
      const { promptTokens, completionTokens } = estimateOf(tool);
      written.atMost.promptTokens += promptTokens;
      written.atMost.completionTokens += completionTokens;
      written.requests++;
    }
    if (!io.signal.aborted) await current?.finish();
  } finally {
    await current?.discard();
  }
  return written;
}

function fileName(path: string, index: number): string {
  if (index === 0) return path;
  const { ext } = parse(path);
  return `${path.slice(0, path.length - ext.length)}-${index + 1}${ext}`;
}

interface PartialFile {
  name: string;
  handle: FileHandle;
  /** Puts it in its place. */
  finish(): Promise<void>;
  /** Removes it, unless it has been put in its place. */
  discard(): Promise<void>;
}

async function openPartial(file: string, name: string): Promise<PartialFile> {
  const partial = `${file}.${process.pid}.partial`;
  const handle = await open(partial, 'wx').catch((error: Error) => {
    throw usageError(`${name} cannot be written: ${error.message}.`);
  });
  let isOpen = true;
  return {
    name,
    handle,
    async finish() {
      isOpen = false;
      await handle.close();
      await rename(partial, file);
    },
    async discard() {
      if (!isOpen) return;
      await handle.close();
      await rm(partial, { force: true });
    },
  };
}

/** The results of a batch, by the name of their request, and how many lines were no result. */
export interface BatchResults {
  byId: ReadonlyMap<string, BatchResult>;
  unread: number;
}

/** Reads an output or an error file of a batch. Throws a usage error when it cannot be opened. */
export async function readBatch(file: string, io: Pick<Io, 'cwd' | 'stdin'>): Promise<BatchResults> {
  const byId = new Map<string, BatchResult>();
  let unread = 0;
  for await (const line of readTextLines(await openInput(io, file))) {
    if (line.trim() === '') continue;
    const result = readBatchLine(line);
    if (result === undefined) unread++;
    else byId.set(result.customId, result);
  }
  return { byId, unread };
}

/** Those of the tools that the batch has a result for, with the names of the results that they took. */
export async function* toolsWithResult(
  tools: AsyncIterable<ToolDefinition>,
  { byId }: BatchResults,
  model: string,
  taken: Set<string>,
): AsyncGenerator<ToolDefinition> {
  for await (const tool of tools) {
    const id = customId(tool.hash, model);
    if (!byId.has(id)) continue;
    taken.add(id);
    yield tool;
  }
}

/** "Asks" by looking into the results of a batch. */
export function askBatch({ byId }: BatchResults, model: string): Ask {
  return async ({ hash }) => {
    const result = byId.get(customId(hash, model));
    if (result?.isAnswered) return { kind: 'answered', body: result.body };
    return { kind: 'failed', reason: 'rejected', detail: 'the batch has an error for it', charged: false };
  };
}
