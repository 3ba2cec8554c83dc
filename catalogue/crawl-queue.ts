import PQueue from 'p-queue';
import type { CrawlFailure, CrawlResult } from '../crawler/contract.ts';
import type { SourcedTarget } from '../crawler/source.ts';
import { MAX_BACKOFF_MS, MIN_BACKOFF_MS, QUEUED_PER_SLOT } from './limits.ts';

export interface CrawlLimits {
  /** Servers worked on at a time. */
  concurrency: number;
  /** Servers of one host worked on at a time. */
  perHost: number;
  /** How often a server is tried whose failure may pass. */
  attempts: number;
}

export interface CrawlSteps {
  /** One attempt. It calls `free` as soon as only the closing is left, which needs no place in the queue. */
  attempt(target: SourcedTarget, free: () => void): Promise<CrawlResult>;
  /** The server's one outcome. */
  outcome(target: SourcedTarget, result: CrawlResult, attempts: number): Promise<void>;
  /** A server that has its outcome already, found again: by another source, or by the process that began the pass. */
  again(target: SourcedTarget): Promise<void>;
  /** The source has been read to its end and named so many servers. */
  sourceRead?(servers: number): void;
  retry?(target: SourcedTarget, failure: CrawlFailure, delayMs: number): void;
  wait(ms: number): Promise<void>;
  /** From 0 up to 1, for the jitter between retries. */
  random(): number;
}

/**
 * Brings each server of a source to one outcome: several at a time, few of one host, and again after a while where
 * the failure may pass. Servers in `done` are passed over. When `signal` fires nothing new is begun, and what is
 * under way is waited for.
 */
export async function crawlAll(
  targets: AsyncIterable<SourcedTarget>,
  done: ReadonlySet<string>,
  steps: CrawlSteps,
  limits: CrawlLimits,
  signal: AbortSignal,
): Promise<void> {
  const inSlot = createSlots(limits);
  const seen = new Set<string>();
  const pending = new Set<Promise<void>>();
  let fault: { error: unknown } | undefined;
  for await (const target of targets) {
    if (signal.aborted || fault) break;
    const { id } = target.target;
    if (seen.has(id) || done.has(id)) {
      await steps.again(target);
      seen.add(id);
      continue;
    }
    seen.add(id);
    const work: Promise<void> = bringToOutcome(target, steps, limits, inSlot, signal)
      .catch((error: unknown) => {
        fault ??= { error };
      })
      .finally(() => pending.delete(work));
    pending.add(work);
    // The source is read only as far as the queue can use it: a registry is longer than memory.
    while (pending.size >= limits.concurrency * QUEUED_PER_SLOT) await Promise.race(pending);
  }
  steps.sourceRead?.(seen.size);
  await Promise.all(pending);
  if (fault) throw fault.error;
}

type InSlot = (host: string, work: (free: () => void) => Promise<CrawlResult>) => Promise<CrawlResult>;

async function bringToOutcome(
  target: SourcedTarget,
  steps: CrawlSteps,
  limits: CrawlLimits,
  inSlot: InSlot,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) return;
    const result = await inSlot(hostOf(target), (free) => steps.attempt(target, free));
    const again = attempt < limits.attempts && !signal.aborted && mayPass(result);
    if (!again || result.status !== 'failed') return steps.outcome(target, result, attempt);
    const delayMs = retryDelay(result.failure, attempt, steps.random());
    steps.retry?.(target, result.failure, delayMs);
    await steps.wait(delayMs);
  }
}

/** Whether trying again makes sense. */
export function mayPass(result: CrawlResult): boolean {
  return (
    result.status === 'failed' && (result.failure.transient === true || result.failure.code === 'timeout')
  );
}

/** Twice as long each time, never shorter than the server asked for, and spread so that retries do not march in step. */
export function retryDelay({ retryAfterMs = 0 }: CrawlFailure, attempt: number, random: number): number {
  const backoff = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** (attempt - 1));
  return Math.min(MAX_BACKOFF_MS, Math.max(retryAfterMs, backoff * (0.5 + random / 2)));
}

/** All programs that run here share one host: this machine. */
function hostOf({ target: { transport } }: SourcedTarget): string {
  return transport.kind === 'http' ? (URL.parse(transport.url)?.host ?? transport.url) : '';
}

/** A place in the host's queue first, then one in the common queue, so that a busy host never holds others up. */
function createSlots({ concurrency, perHost }: CrawlLimits): InSlot {
  const all = new PQueue({ concurrency });
  const hosts = new Map<string, PQueue>();
  return async (host, work) => {
    const queue = hosts.get(host) ?? new PQueue({ concurrency: host === '' ? concurrency : perHost });
    hosts.set(host, queue);
    const { promise, resolve, reject } = Promise.withResolvers<CrawlResult>();
    const occupy = () =>
      new Promise<void>((free) => {
        work(free).then(resolve, reject).finally(free);
      });
    await queue.add(() => all.add(occupy));
    if (queue.size === 0 && queue.pending === 0) hosts.delete(host);
    return promise;
  };
}
