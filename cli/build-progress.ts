import type { BuildProgress } from '../site/build/report.ts';
import { number } from '../site/words.ts';
import type { Io } from './io.ts';

/** One line on a terminal that says how far a build is. */
export interface BuildLine {
  show(progress: BuildProgress): void;
  end(): void;
}

const MS_PER_SECOND = 1_000;
/** A terminal that is written to for each server would be slower than the build. */
const REDRAWN_AFTER_MS = 100;

const PHASES: Record<Exclude<BuildProgress['phase'], 'pages'>, string> = {
  reading: 'Finding out what changed …',
  whole: 'Making the pages about the whole catalogue …',
  publishing: 'Publishing …',
};

/** Starts the line; where nobody looks, nothing is written. */
export function startBuildLine(io: Pick<Io, 'stderr' | 'now'>): BuildLine {
  const { stream, isTerminal } = io.stderr;
  let drawnAt = 0;
  let phase: BuildProgress['phase'] | undefined;
  let pagesSince = 0;
  const clear = () => isTerminal && stream.write('\r\u001b[K');
  return {
    show(progress) {
      if (!isTerminal) return;
      const now = io.now().getTime();
      if (progress.phase === phase && now - drawnAt < REDRAWN_AFTER_MS) return;
      if (progress.phase === 'pages' && phase !== 'pages') pagesSince = now;
      phase = progress.phase;
      drawnAt = now;
      clear();
      stream.write(
        progress.phase === 'pages' ? pagesLine(progress, now - pagesSince) : PHASES[progress.phase],
      );
    },
    end: () => void clear(),
  };
}

function pagesLine({ tools, toolsInAll }: BuildProgress, ms: number): string {
  const rate = tools / (Math.max(1, ms) / MS_PER_SECOND);
  const left = rate === 0 ? '' : `, ${number(Math.ceil((toolsInAll - tools) / rate))} s left`;
  return `${number(tools)} of ${number(toolsInAll)} tools, ${number(Math.round(rate))} a second${left} …`;
}
