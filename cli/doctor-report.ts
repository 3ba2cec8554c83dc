import { type CheckResult, overall } from '../catalogue/doctor.ts';
import { visible } from '../site/visible.ts';
import type { Diagnosis } from './doctor.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { PublishedDoctor } from './published.ts';
import { painter, textColumns, wrap } from './terminal.ts';

/** The JSON for programs. */
export function publishDiagnosis({ checks, opened }: Diagnosis): PublishedDoctor {
  return {
    health: overall(checks),
    opened,
    checks: checks.map(({ id, health, found, advice, values }) => ({
      id,
      health,
      found,
      advice: advice ?? null,
      values: { ...values },
    })),
  };
}

/** How `catalogue doctor` ends. */
export function exitOf({ checks, opened }: Diagnosis): Exit {
  if (!opened) return EXIT.unavailable;
  return overall(checks) === 'problem' ? EXIT.threshold : EXIT.done;
}

/** What a person reads: a line for each check, what to do under it, and in the end how many are not well. */
export function diagnosisText({ checks }: Diagnosis, io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const idWidth = Math.max(...checks.map(({ id }) => id.length));
  const indent = ' '.repeat('problem'.length + idWidth + 4);
  const lines = checks.map(({ id, health, found, advice }) => {
    const word = health.padEnd('problem'.length);
    const mark = health === 'ok' ? paint.faint(word) : health === 'problem' ? paint.strong(word) : word;
    const text = block(found, columns, indent);
    const todo = advice === undefined ? '' : block(`→ ${advice}`, columns, indent);
    return `${mark}  ${id.padEnd(idWidth)}  ${text.slice(indent.length)}${todo}`;
  });
  return `${lines.join('')}\n${sumUp(checks)}\n`;
}

/** Several lines where the text has several, as a list of faults does. */
function block(text: string, columns: number, indent: string): string {
  return text
    .split('\n')
    .map((line) => wrap(visible(line.trim()), columns, indent))
    .join('');
}

function sumUp(checks: readonly CheckResult[]): string {
  const of = (health: string) => checks.filter((check) => check.health === health).length;
  const [problems, warnings] = [of('problem'), of('warning')];
  if (problems + warnings === 0) return 'All is well.';
  const parts = [
    problems > 0 && `${problems} ${problems === 1 ? 'problem' : 'problems'}`,
    warnings > 0 && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  ];
  return `${parts.filter((part) => part !== false).join(', ')}.`;
}
