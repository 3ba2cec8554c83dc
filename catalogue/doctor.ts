import type { Inspection } from './inspect.ts';
import { reason } from './inspect.ts';

/** Whether all is well, is to be looked at, or keeps the catalogue from its work. */
export type Health = 'ok' | 'warning' | 'problem';

/** What a check found. */
export interface Finding {
  health: Health;
  /** One sentence or a few, for people. */
  found: string;
  /** What to do about it; absent where nothing is to be done. */
  advice?: string;
  /** The same for programs. */
  values?: Readonly<Record<string, string | number | boolean | null>>;
}

/** One question, with its answer; undefined where there is nothing to be said. */
export interface Check {
  id: string;
  run(): Promise<Finding | undefined>;
}

export interface CheckResult extends Finding {
  id: string;
}

/** A check of what is in the database. */
export interface DatabaseCheck {
  id: string;
  run(inspection: Inspection, now: Date): Promise<Finding | undefined>;
}

/** Makes each check by itself, so that one that cannot be made costs no other. */
export async function runChecks(checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { id, run } of checks) {
    try {
      const finding = await run();
      if (finding !== undefined) results.push({ id, ...finding });
    } catch (error) {
      results.push({ id, health: 'warning', found: `It could not be looked at: ${reason(error)}.` });
    }
  }
  return results;
}

/** The worst of them. */
export function overall(results: readonly Finding[]): Health {
  if (results.some(({ health }) => health === 'problem')) return 'problem';
  return results.some(({ health }) => health === 'warning') ? 'warning' : 'ok';
}
