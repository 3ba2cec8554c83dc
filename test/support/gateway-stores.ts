import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { openSharedState } from '../../catalogue/gateway-state.ts';
import { type AnswerableApprovals, APPROVAL_TERMS, openFileApprovals } from '../../gateway/approvals-file.ts';
import type { Counters } from '../../gateway/contract.ts';
import { openFileCounters } from '../../gateway/counters-file.ts';
import { createPostgresDatabase } from './engines.ts';
import { ROOT } from './sources.ts';

/** An empty place for the gateway's state, that can be opened any number of times. */
export interface StatePlace {
  counters(): Promise<Counters>;
  approvals(): Promise<AnswerableApprovals>;
  /** JavaScript that defines `counters` and `approvals` in another process. */
  program: string;
  remove(): Promise<void>;
}

const now = () => new Date(0);

export const STORES: readonly { store: string; create(): Promise<StatePlace> }[] = [
  {
    store: 'file',
    async create() {
      const directory = mkdtempSync(join(tmpdir(), 'catalogue-state-'));
      const [counters, approvals] = [join(directory, 'counters.db'), join(directory, 'approvals.db')];
      return {
        counters: () => openFileCounters(counters),
        approvals: () => openFileApprovals(approvals),
        program: `
          import { openFileCounters } from ${JSON.stringify(join(ROOT, 'gateway/counters-file.ts'))};
          import { openFileApprovals } from ${JSON.stringify(join(ROOT, 'gateway/approvals-file.ts'))};
          const counters = await openFileCounters(${JSON.stringify(counters)});
          const approvals = await openFileApprovals(${JSON.stringify(approvals)});`,
        remove: async () => rmSync(directory, { recursive: true, force: true }),
      };
    },
  },
  {
    store: 'PostgreSQL',
    async create() {
      const { location, remove } = await createPostgresDatabase();
      const catalogue = await openCatalogue({ location, classifierVersion: '0', now });
      await catalogue.close();
      const { url } = location;
      return {
        async counters() {
          const { counters, approvals } = await openSharedState(url, APPROVAL_TERMS, now);
          await approvals.close();
          return counters;
        },
        async approvals() {
          const { counters, approvals } = await openSharedState(url, APPROVAL_TERMS, now);
          await counters.close();
          return approvals;
        },
        program: `
          import { openSharedState } from ${JSON.stringify(join(ROOT, 'catalogue/gateway-state.ts'))};
          import { APPROVAL_TERMS } from ${JSON.stringify(join(ROOT, 'gateway/approvals-file.ts'))};
          const { counters, approvals } = await openSharedState(${JSON.stringify(url)}, APPROVAL_TERMS, () => new Date(0));`,
        remove,
      };
    },
  },
];

/**
 * Runs the program in two processes at once, which wait for each other with `await ready()`, and gives what each wrote
 * to stdout.
 */
export async function race(program: string): Promise<string[]> {
  const source = `
    const ready = () => new Promise((go) => {
      process.stdin.once('data', () => { process.stdin.destroy(); go(); });
      process.stderr.write('ready');
    });
    ${program}`;
  const children = [0, 1].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'pipe' }),
  );
  const waiting = children.map(
    (child) =>
      new Promise<void>((resolve, reject) => {
        child.stderr.on('data', (chunk) =>
          String(chunk) === 'ready' ? resolve() : reject(new Error(String(chunk))),
        );
        child.once('exit', () => reject(new Error('a process ended too early')));
      }),
  );
  const outputs = children.map((child) => Array.fromAsync(child.stdout, String));
  await Promise.all(waiting);
  for (const child of children) child.stdin.write('go\n');
  return (await Promise.all(outputs)).map((chunks) => chunks.join(''));
}
