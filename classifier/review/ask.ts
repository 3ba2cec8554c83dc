import OpenAI, { APIError } from 'openai';
import type { ToolDefinition } from '../../crawler/contract.ts';
import {
  MAX_ATTEMPTS,
  MAX_BACKOFF_MS,
  MAX_RETRY_AFTER_MS,
  MIN_BACKOFF_MS,
  REQUEST_TIMEOUT_MS,
} from './limits.ts';
import { type Dialect, dialectWithout, firstDialect, refusedField, requestBody } from './request.ts';

/** Why a tool got no answer, though the model might have given one. */
export type AskFailure = 'rate-limited' | 'server-error' | 'unreachable' | 'timeout' | 'rejected';

/** What came of asking about one tool. */
export type Asked =
  /** The body of the completion, unread. */
  | { kind: 'answered'; body: unknown }
  /** `charged`: the server may have worked on it, and may charge for it. */
  | { kind: 'failed'; reason: AskFailure; detail: string; charged: boolean }
  /** Nothing will be answered in this run: a refused key, an unknown model, no credit. */
  | { kind: 'hopeless'; message: string }
  /** Broken off: it may be charged. */
  | { kind: 'aborted' };

/** Asks about one tool. Never throws for what the server does. */
export type Ask = (definition: ToolDefinition) => Promise<Asked>;

export interface AskOptions {
  model: string;
  /** Left out of every message. Servers of one's own often want none. */
  apiKey?: string | undefined;
  /** Of the server, e.g. `http://localhost:11434/v1`; OpenAI's own when left out. */
  baseUrl?: string | undefined;
  fetch: typeof fetch;
  /** Rejects or resolves early when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  now(): Date;
  /** From 0 up to 1. */
  random(): number;
  signal: AbortSignal;
  timeoutMs?: number;
}

const OPENAI_URL = 'https://api.openai.com/v1';

/** Asks a server that speaks OpenAI's chat completions. */
export function createAsk(options: AskOptions): Ask {
  const { model, apiKey, baseUrl = OPENAI_URL, signal, timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const client = new OpenAI({
    // The client insists on one.
    apiKey: apiKey ?? 'none',
    baseURL: baseUrl,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    // Waits and their randomness are ours, so that they can be bounded and tested.
    maxRetries: 0,
    timeout: timeoutMs,
    fetch: options.fetch,
    logLevel: 'off',
  });
  let dialect = firstDialect(hostOf(baseUrl) === hostOf(OPENAI_URL));

  const once = async (definition: ToolDefinition, used: Dialect): Promise<Asked | Again> => {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const body: unknown = await client.chat.completions.create(requestBody(definition, model, used), {
        signal: AbortSignal.any([signal, deadline]),
      });
      return { kind: 'answered', body };
    } catch (error) {
      if (signal.aborted) return { kind: 'aborted' };
      if (deadline.aborted) {
        // Not asked again: whatever takes so long takes as long the next time, and may be charged each time.
        const detail = `no answer within ${timeoutMs / 1000} s`;
        return { kind: 'failed', reason: 'timeout', detail, charged: true };
      }
      return fromError(error, { model, baseUrl, apiKey, now: options.now });
    }
  };

  return async (definition) => {
    for (let attempt = 1; ; ) {
      if (signal.aborted) return { kind: 'aborted' };
      const used = dialect;
      const asked = await once(definition, used);
      if (asked.kind !== 'again') return asked;
      if (asked.field !== undefined) {
        // Another request may have found out the same meanwhile.
        const next = dialect === used ? dialectWithout(used, asked.field) : dialect;
        if (next === undefined) return asked.failure;
        dialect = next;
        continue;
      }
      if (attempt === MAX_ATTEMPTS || (asked.afterMs ?? 0) > MAX_RETRY_AFTER_MS) return asked.failure;
      await options.sleep(asked.afterMs ?? backoffMs(attempt, options.random), signal).catch(() => {});
      attempt++;
    }
  };
}

/** Asking again may help: after a while, or without the field. */
interface Again {
  kind: 'again';
  failure: Extract<Asked, { kind: 'failed' }>;
  field?: string;
  afterMs?: number | undefined;
}

/** Twice as long each time, less up to a quarter, so that many who wait do not all come back at once. */
function backoffMs(attempt: number, random: () => number): number {
  return Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** (attempt - 1)) * (1 - random() / 4);
}

type Context = Pick<AskOptions, 'model' | 'apiKey' | 'now'> & { baseUrl: string };

function fromError(error: unknown, context: Context): Asked | Again {
  const failed = (reason: AskFailure, charged = false) => {
    const detail = detailOf(error, context.apiKey);
    return { kind: 'failed' as const, reason, detail, charged };
  };
  // The body of a good answer that is no JSON: there is nothing to read, and it was worked on.
  if (error instanceof SyntaxError) return { kind: 'answered', body: undefined };
  if (!(error instanceof APIError) || error.status === undefined) {
    return { kind: 'again', failure: failed('unreachable') };
  }
  const { status, code, param } = error;
  const hopeless = hopelessMessage(status, code, context);
  if (hopeless !== undefined) return { kind: 'hopeless', message: hopeless };
  if (status === 429) {
    return { kind: 'again', failure: failed('rate-limited'), afterMs: afterMs(error, context.now) };
  }
  if (status === 408 || status === 409 || status >= 500) {
    return { kind: 'again', failure: failed('server-error'), afterMs: afterMs(error, context.now) };
  }
  const field = refusedField(param, error.message);
  if (field !== undefined) return { kind: 'again', failure: failed('rejected'), field };
  return failed('rejected');
}

/** Says what to do; the server's own words stay out, because they can repeat a part of the key. */
function hopelessMessage(status: number, code: unknown, { model, baseUrl }: Context): string | undefined {
  const host = hostOf(baseUrl);
  if (status === 401 || status === 403) {
    return `${host} refused the key in OPENAI_API_KEY (HTTP ${status}): it is wrong, or may not use the model ${model}`;
  }
  if (status === 404) {
    return `${host} has no model ${model} (HTTP 404): name another, or correct OPENAI_BASE_URL`;
  }
  if (status === 429 && code === 'insufficient_quota') {
    return `${host} says that the account of the key in OPENAI_API_KEY has no credit left`;
  }
  return undefined;
}

/** The host of an address, which leaves out a password in it. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the model server';
}

/** Seconds, or a date (RFC 9110, section 10.2.3), or the milliseconds of a header that OpenAI sends. */
function afterMs({ headers }: APIError, now: () => Date): number | undefined {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = headers?.get('retry-after')?.trim() ?? '';
  const ms = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now().getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** What went wrong in the words of whoever said so, without the key. */
function detailOf(error: unknown, apiKey: string | undefined): string {
  const parts = [error, error instanceof Error ? error.cause : undefined, causeOfCause(error)];
  const text = parts
    .filter((part) => part instanceof Error)
    .map(({ message }) => message)
    .filter((message) => message !== '')
    .at(-1);
  const said = text ?? String(error);
  return apiKey === undefined ? said : said.replaceAll(apiKey, '***');
}

function causeOfCause(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause.cause : undefined;
}
