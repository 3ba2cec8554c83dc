import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SiteSettings } from '../contract.ts';
import { THREAD_LIMITS } from './limits.ts';
import { type MadeServer, type ServerTask, serverMaker } from './make-server.ts';
import { packTask } from './parcel.ts';
import type { WorkerAnswer, WorkerSetup } from './worker.ts';

/** Those who make the pages of servers, several at a time. */
export interface Makers {
  /** How many tasks are worth having under way. */
  atOnce: number;
  make(task: ServerTask): Promise<MadeServer>;
  close(): Promise<void>;
}

/** The bundle has the thread's program beside its own; the sources have it as it is. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './worker.ts' : './site-worker.cjs';

/** Tasks for each thread: one that it is at, and one that waits, so that it never has to. */
const TASKS_EACH = 2;

/** Makes pages here, without a thread: for so few servers that a thread would not be up in time. */
export function makeHere(folder: string, settings: SiteSettings): Makers {
  const make = serverMaker(folder, settings);
  return {
    atOnce: 1,
    make: async (task) => make(task),
    close: async () => undefined,
  };
}

/** Starts threads. A thread that dies fails what it was given. */
export function startMakers(count: number, folder: string, settings: SiteSettings): Makers {
  const setup: WorkerSetup = { folder, settings };
  const threads = Array.from({ length: count }, () => startThread(setup));
  return {
    atOnce: count * TASKS_EACH,
    make(task) {
      const idlest = threads.reduce((best, one) => (one.waiting() < best.waiting() ? one : best));
      return idlest.make(task);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

function startThread(setup: WorkerSetup) {
  const worker = new Worker(new URL(PROGRAM, import.meta.url), {
    workerData: setup,
    execArgv: [],
    resourceLimits: THREAD_LIMITS,
  });
  const waiting: PromiseWithResolvers<MadeServer>[] = [];
  worker.on('message', (answer: WorkerAnswer) => {
    const first = waiting.shift();
    if ('made' in answer) first?.resolve(answer.made);
    else first?.reject(new Error(`A page could not be made: ${answer.fault}`));
  });
  const fail = (reason: Error) => {
    for (const each of waiting.splice(0)) each.reject(reason);
  };
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  const ended = once(worker, 'exit');
  worker.on('exit', () => fail(new Error('A thread that makes pages ended before its work was done.')));
  return {
    waiting: () => waiting.length,
    make(task: ServerTask): Promise<MadeServer> {
      const promised = Promise.withResolvers<MadeServer>();
      waiting.push(promised);
      worker.postMessage(packTask(task));
      return promised.promise;
    },
    close: async () => {
      worker.postMessage(undefined);
      await ended;
    },
  };
}
