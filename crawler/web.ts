import { Buffer } from 'node:buffer';
import manifest from '../package.json' with { type: 'json' };
import {
  MAX_REQUESTED_WAIT_MS,
  MAX_WEB_BYTES,
  MAX_WEB_REDIRECTS,
  WEB_RETRIES,
  WEB_RETRY_MS,
  WEB_TIMEOUT_MS,
} from './limits.ts';
import type { SourceDeps } from './source.ts';
import { errorText } from './text.ts';

/** How we introduce ourselves to the registries and directories that we read. */
export const USER_AGENT = `${manifest.name}/${manifest.version}`;

/** What came from an address in the end. */
export interface WebAnswer {
  status: number;
  text: string;
  /** Where it came from, after redirects. */
  url: URL;
}

export interface WebRequest {
  accept: string;
  /** Whether a redirect there is followed. */
  mayVisit(url: URL): boolean;
  maxBytes?: number;
}

type WebDeps = Pick<SourceDeps, 'fetch' | 'wait' | 'now'>;

/** An attempt that may succeed later: the reason, and how long the other side wants us to wait. */
interface Busy {
  reason: string;
  waitMs?: number;
  /** The answer that said so, when there was one. */
  status?: number;
}

/**
 * Reads the text at an address. Connection failures, 429 and 5xx are tried again, after as long as `Retry-After` says.
 * Rejects with an error whose message is a reason without a subject ("answered 503 four times") when that does not
 * help, when the body is too long, or when a redirect leads where it must not. Any other status is an answer.
 */
export async function readWeb(url: URL, request: WebRequest, deps: WebDeps): Promise<WebAnswer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await tryOnce(url, request, deps);
    if ('text' in answer) return answer;
    if (attempt === WEB_RETRIES) throw webError(`${answer.reason}, ${WEB_RETRIES + 1} times`, answer.status);
    await deps.wait(Math.min(answer.waitMs ?? WEB_RETRY_MS * 2 ** attempt, MAX_REQUESTED_WAIT_MS));
  }
}

/** A reason why an address could not be read; `status` is the last answer's, if there was one. */
export interface WebError extends Error {
  name: 'WebError';
  status?: number;
}

/** Whether something thrown says why an address could not be read. */
export function isWebError(error: unknown): error is WebError {
  return error instanceof Error && error.name === 'WebError';
}

/** Makes one. `message` starts with a verb and has no full stop. */
export function webError(message: string, status?: number): WebError {
  return Object.assign(new Error(message), {
    name: 'WebError' as const,
    ...(status !== undefined && { status }),
  });
}

async function tryOnce(start: URL, request: WebRequest, deps: WebDeps): Promise<WebAnswer | Busy> {
  const signal = AbortSignal.timeout(WEB_TIMEOUT_MS);
  try {
    let url = start;
    for (let hops = 0; ; hops++) {
      const response = await deps.fetch(url, {
        redirect: 'manual',
        signal,
        headers: { accept: request.accept, 'user-agent': USER_AGENT },
      });
      const next = redirectOf(response, url);
      if (next === undefined) return await readAnswer(response, url, request, deps);
      await response.body?.cancel();
      if (hops === MAX_WEB_REDIRECTS) throw webError(`redirects more than ${MAX_WEB_REDIRECTS} times`);
      if (!request.mayVisit(next)) throw webError(`redirects to ${next.origin}, which is not read`);
      url = next;
    }
  } catch (error) {
    if (isWebError(error)) throw error;
    if (signal.aborted) return { reason: `gave no answer within ${WEB_TIMEOUT_MS / 1000} s` };
    return { reason: `cannot be reached (${causeText(error)})` };
  }
}

async function readAnswer(
  response: Response,
  url: URL,
  { maxBytes = MAX_WEB_BYTES }: WebRequest,
  { now }: WebDeps,
): Promise<WebAnswer | Busy> {
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    const waitMs = retryAfter(response.headers.get('retry-after'), now());
    return { reason: `answered ${status}`, status, ...(waitMs !== undefined && { waitMs }) };
  }
  return { status, url, text: await cappedText(response, maxBytes) };
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const to = URL.parse(headers.get('location') ?? '', from.href);
  if (to === null || !/^https?:$/.test(to.protocol)) throw webError('redirects to no address of the web');
  return to;
}

/** The body as text, counted after unpacking. */
async function cappedText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > maxBytes) throw webError(`answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Milliseconds asked for in seconds or as a date; undefined when neither can be read. */
function retryAfter(value: string | null, now: Date): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** `fetch failed` says nothing; its cause does. */
function causeText(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return errorText(cause ?? error);
}
