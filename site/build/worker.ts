import { parentPort, workerData } from 'node:worker_threads';
import type { SiteSettings } from '../contract.ts';
import { type MadeServer, type ServerTask, serverMaker } from './make-server.ts';
import { unpackTask } from './parcel.ts';

/** A thread that makes the pages of one server after another. */

/** What the thread is started with. */
export interface WorkerSetup {
  folder: string;
  settings: SiteSettings;
}

export type WorkerAnswer = { made: MadeServer } | { fault: string };

const { folder, settings }: WorkerSetup = workerData;
const make = serverMaker(folder, settings);

parentPort?.on('message', (text: string | undefined) => {
  // Nothing more will come: the thread ends when nothing holds it.
  if (text === undefined) return parentPort?.close();
  parentPort?.postMessage(answer(unpackTask(text)));
});

function answer(task: ServerTask): WorkerAnswer {
  try {
    return { made: make(task) };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
