import type { CrawlFault } from './fault.ts';

/** One fence around everything that is awaited from a server: the first fault ends every wait. */
export interface Guard {
  /** Aborted when the guard trips. */
  signal: AbortSignal;
  /** Ends all waits with this fault. Later faults are consequences of the first and are ignored. */
  trip(fault: CrawlFault): void;
  /** Settles as `work` does, or rejects with the fault as soon as the guard trips. */
  race<T>(work: Promise<T>): Promise<T>;
}

/** A guard that has not tripped yet. */
export function createGuard(): Guard {
  const controller = new AbortController();
  const { promise: tripped, reject } = Promise.withResolvers<never>();
  tripped.catch(() => {});
  return {
    signal: controller.signal,
    trip(fault) {
      reject(fault);
      controller.abort();
    },
    race: (work) => Promise.race([tripped, work]),
  };
}
