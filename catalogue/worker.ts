import type { CrawlFailure, CrawlResult } from '../crawler/contract.ts';
import { mayPass, retryDelay } from './crawl-queue.ts';
import { CLAIM_LINGER_MS, GIVE_BACK_MS, MAX_REASON_CHARS, QUEUE_POLL_MS } from './limits.ts';
import type { Claim, ClaimedServer, QueuedPass, WorkQueue } from './queue.ts';
import { isAway, type Patience, persist } from './queue-retry.ts';
import { createBell, createSettler } from './worker-parts.ts';
import { keepUp, tidy } from './worker-upkeep.ts';

export interface WorkerLimits {
  /** Servers worked on at a time. */
  concurrency: number;
  /** Servers of one host worked on at a time, by all workers together. */
  perHost: number;
  /** Milliseconds that what is under way has to end in, after a stop. */
  graceMs: number;
  /** Whether the worker ends when there is nothing left to do. */
  drain: boolean;
}

export interface WorkerSteps {
  /** One attempt. It calls `free` as soon as only the closing is left, which needs no place. */
  attempt(server: ClaimedServer, free: () => void): Promise<CrawlResult>;
  /** Keeps the server's one outcome. Settles when it is stored. */
  outcome(server: ClaimedServer, result: CrawlResult): Promise<void>;
  /** Of these servers, by the ids of their targets, those that have their outcome in the pass. */
  withOutcome(crawl: number, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Ends a pass; it may have ended before. */
  endPass(crawl: number): Promise<void>;
  ended?(pass: QueuedPass): void;
  retry?(server: ClaimedServer, failure: CrawlFailure, delayMs: number): void;
  /** A fault of ours with one server. */
  fault?(server: ClaimedServer, error: unknown): void;
  /** Begins what schedules have made due, and settles when that is in the queue; called over and over. */
  schedules?(): Promise<void>;
  /** Settles after that many milliseconds, or when the signal fires. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  random(): number;
  /** The database is away, and is asked again after a wait. */
  away?(error: Error, delayMs: number): void;
}

/** When the worker stops: takes nothing new, and, once `hard` fires too, breaks off what is under way. */
export interface WorkerSignals {
  stop: AbortSignal;
  hard: AbortController;
}

/**
 * Takes servers from the queue and brings each to its outcome, until it is stopped. What is then under way may end
 * within the grace; the rest goes back to the queue, and that costs it no attempt. Gives how many went back.
 */
export async function runWorker(
  queue: WorkQueue,
  steps: WorkerSteps,
  limits: WorkerLimits,
  { stop, hard }: WorkerSignals,
): Promise<{ givenBack: number }> {
  const patience = (signal: AbortSignal): Patience => ({
    wait: (ms) => steps.wait(ms, signal),
    random: steps.random,
    signal,
    ...(steps.away && { away: steps.away }),
  });
  const asking = patience(stop);
  const settling = patience(hard.signal);
  const settle = createSettler((claims: readonly Claim[]) => persist(() => queue.done(claims), settling));
  const bell = createBell();
  const held = new Map<Claim, Promise<void>>();
  let placed = 0;
  let givenBack = 0;
  let fault: { error: unknown } | undefined;
  const isOver = () => stop.aborted || fault !== undefined;
  const fail = (error: unknown) => {
    // Away to the very end: there is nobody to tell. The claim runs out by itself, and another worker takes the server.
    if (hard.signal.aborted && isAway(error)) return;
    fault ??= { error };
    bell.ring();
  };

  const hold = (claim: Claim, work: Promise<void>) =>
    held.set(
      claim,
      work.catch(fail).finally(() => {
        held.delete(claim);
        bell.ring();
      }),
    );

  const take = (server: ClaimedServer) => {
    placed++;
    let isPlaced = true;
    const free = () => {
      if (isPlaced) placed--;
      isPlaced = false;
      bell.ring();
    };
    hold(server.claim, bring(server, free).finally(free));
  };

  const giveBack = async (servers: readonly ClaimedServer[]) => {
    await persist(() => queue.giveBack(servers), settling);
    givenBack += servers.length;
  };

  /** One attempt, and what follows from it. */
  const bring = async (server: ClaimedServer, free: () => void): Promise<void> => {
    try {
      const result = await steps.attempt(server, free);
      if (result.status === 'failed' && result.failure.code === 'aborted') return await giveBack([server]);
      if (result.status === 'failed' && mayPass(result) && server.attempt < server.attempts) {
        const delayMs = retryDelay(result.failure, server.attempt, steps.random());
        steps.retry?.(server, result.failure, delayMs);
        return await persist(() => queue.tryLater(server, delayMs), settling);
      }
      await persist(() => steps.outcome(server, result), settling);
    } catch (error) {
      if (isAway(error)) throw error;
      steps.fault?.(server, error);
      return await persist(() => queue.fault(server.claim, reasonOf(error)), settling);
    }
    await settle(server.claim);
  };

  /** Fills the free places, and says whether there may be more to take. */
  const fill = async (): Promise<boolean> => {
    const room = limits.concurrency - placed;
    if (room <= 0) return false;
    const { servers, unreadable } = await persist(() => queue.claim(room, limits.perHost), asking);
    if (isOver()) {
      await giveBack(servers);
      return false;
    }
    const known = await persist(() => knownOf(servers, steps), settling);
    for (const server of servers) {
      if (known.has(server)) hold(server.claim, settle(server.claim));
      else take(server);
    }
    return servers.length + unreadable > 0;
  };

  const isDrained = async (): Promise<boolean> => {
    if (!limits.drain || held.size > 0) return false;
    await tidy(queue, steps);
    return queue.isEmpty();
  };

  const ended = new AbortController();
  const upkeep = keepUp(queue, steps, held, { stop, ended: ended.signal }).catch(fail);
  stop.addEventListener('abort', bell.ring);
  try {
    while (!isOver()) {
      if (await fill()) continue;
      if (await persist(isDrained, asking)) break;
      await rest(bell, steps);
    }
  } catch (error) {
    // A worker that is stopped while the database is away has nothing to take, and that is no fault.
    if (!(stop.aborted && isAway(error))) fail(error);
  }
  await finish(held, steps, limits.graceMs, hard);
  stop.removeEventListener('abort', bell.ring);
  ended.abort();
  await upkeep;
  if (fault) throw fault.error;
  return { givenBack };
}

/** Waits until a place may be free, or for a while; places that come free together are filled by one question. */
async function rest(bell: { next(): Promise<void> }, { wait }: WorkerSteps): Promise<void> {
  const woken = new AbortController();
  await Promise.race([bell.next(), wait(QUEUE_POLL_MS, woken.signal)]);
  woken.abort();
  await wait(CLAIM_LINGER_MS);
}

/**
 * Lets what is under way end within the grace, then breaks it off and waits until it has been given back. What cannot
 * be, because nothing answers any more, runs out by itself.
 */
async function finish(
  held: ReadonlyMap<unknown, Promise<void>>,
  { wait }: WorkerSteps,
  graceMs: number,
  hard: AbortController,
): Promise<void> {
  const ended = new AbortController();
  const expired = wait(graceMs, ended.signal).then(async () => {
    if (ended.signal.aborted) return;
    hard.abort();
    await wait(GIVE_BACK_MS, ended.signal);
  });
  await Promise.race([Promise.all(held.values()), expired]);
  ended.abort();
  await expired;
}

/** Those of the servers that have their outcome: another process stored it, and died before it could say so. */
async function knownOf(
  servers: readonly ClaimedServer[],
  steps: WorkerSteps,
): Promise<ReadonlySet<ClaimedServer>> {
  const known = new Set<ClaimedServer>();
  for (const [crawl, own] of Map.groupBy(servers, (server) => server.crawl)) {
    const done = await steps.withOutcome(
      crawl,
      own.map(({ target }) => target.id),
    );
    for (const server of own) if (done.has(server.target.id)) known.add(server);
  }
  return known;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.slice(0, MAX_REASON_CHARS);
}
