import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ToolDefinition } from '../../crawler/contract.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_REQUESTS } from './limits.ts';
import { PROMPT_VERSION } from './prompt.ts';
import { BATCH_DIALECT, requestBody } from './request.ts';

/** Files of the OpenAI Batch API: one request or one result a line. */

const HASH_CHARS = 40;
const MODEL_CHARS = 8;

/**
 * Names a request, so that its result finds its tool: the version of the prompt, the head of the tool's hash, and the
 * head of the model's. Below 64 characters, which is what the strictest of the compatible services take.
 */
export function customId(toolHash: string, model: string): string {
  const modelHash = createHash('sha256').update(model).digest('hex').slice(0, MODEL_CHARS);
  return `${PROMPT_VERSION}-${toolHash.slice(0, HASH_CHARS)}-${modelHash}`;
}

/** The line of a batch file that asks about a definition. */
export function batchLine(definition: ToolDefinition, model: string): string {
  return `${JSON.stringify({
    custom_id: customId(definition.hash, model),
    method: 'POST',
    url: '/v1/chat/completions',
    body: requestBody(definition, model, BATCH_DIALECT),
  })}\n`;
}

export interface BatchLimits {
  maxRequests: number;
  maxBytes: number;
}

const API_LIMITS: BatchLimits = { maxRequests: MAX_BATCH_REQUESTS, maxBytes: MAX_BATCH_BYTES };

/** Gives, for one line after the other, the number of the file that it goes into, from 0. */
export function createSplitter({
  maxRequests,
  maxBytes,
}: BatchLimits = API_LIMITS): (line: string) => number {
  let file = 0;
  let requests = 0;
  let bytes = 0;
  return (line) => {
    const size = Buffer.byteLength(line);
    if (requests > 0 && (requests + 1 > maxRequests || bytes + size > maxBytes)) {
      file++;
      requests = 0;
      bytes = 0;
    }
    requests++;
    bytes += size;
    return file;
  };
}

const Result = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
});

/** One result: the body of a completion, or that there is none. */
export interface BatchResult {
  customId: string;
  body: unknown;
  isAnswered: boolean;
}

/** Reads a line of an output or an error file; undefined when it is neither. */
export function readBatchLine(line: string): BatchResult | undefined {
  const read = Result.safeParse(parse(line));
  if (!read.success) return undefined;
  const { custom_id, response } = read.data;
  return { customId: custom_id, body: response?.body, isAnswered: response?.status_code === 200 };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
