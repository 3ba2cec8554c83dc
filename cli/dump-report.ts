import type { RecordKind } from '../catalogue/dump-format.ts';
import type { ImportReport } from '../catalogue/import.ts';
import { visible } from '../site/visible.ts';
import { count, listed } from '../site/words.ts';

/** What people call the records of a dump; those that they never see are left out. */
const NOUNS: Partial<Record<RecordKind, [one: string, several: string]>> = {
  server: ['server', 'servers'],
  definition: ['definition', 'definitions'],
  verdict: ['verdict', 'verdicts'],
  scan: ['scan', 'scans'],
  review: ['second opinion', 'second opinions'],
};

/** How many there are of each kind, in words. */
export function recordWords(records: Readonly<Record<RecordKind, number>>): string {
  return listed(
    Object.entries(NOUNS).map(([kind, [one, several]]) => count(records[kind as RecordKind], one, several)),
  );
}

/** What came of an import, in words. */
export function importText(file: string, report: ImportReport): string {
  const { read, added, renamed, renamedCount, olderVerdicts } = report;
  const lines = [
    `Read ${visible(file)}: ${recordWords(read)}.`,
    Object.values(added).every((number) => number === 0)
      ? 'The catalogue had all of it.'
      : `New to the catalogue: ${recordWords(added)}.`,
  ];
  if (olderVerdicts > 0) {
    lines.push(
      `${count(olderVerdicts, 'verdict')} left out: the catalogue has newer ones on the same definitions.`,
    );
  }
  if (renamedCount > 0) {
    lines.push(
      `${count(renamedCount, 'server')} with another name, because the catalogue had given theirs away:`,
    );
    lines.push(...renamed.map(({ id, slug, given }) => `  ${slug} is ${given} here (${visible(id)})`));
    if (renamedCount > renamed.length) lines.push(`  and ${renamedCount - renamed.length} more`);
  }
  return `${lines.join('\n')}\n`;
}
