import { parentPort, workerData } from 'node:worker_threads';
import type { SiteSettings } from '../contract.ts';
import { type MadeServer, type ServerTask, serverMaker } from './make-server.ts';

/** A thread that makes the pages of one server after another. */

/** What the thread is started with. */
export interface WorkerSetup {
  folder: string;
  settings: SiteSettings;
}

/** A task as JSON: to copy a text to a thread costs a fraction of copying what it says. */
export type WorkerAnswer = { made: MadeServer } | { fault: string };

const { folder, settings }: WorkerSetup = workerData;
const make = serverMaker(folder, settings);

parentPort?.on('message', (text: string) => {
  const task: ServerTask = JSON.parse(text);
  parentPort?.postMessage(answer(task));
});

function answer(task: ServerTask): WorkerAnswer {
  try {
    return { made: make(task) };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
