import type { MadeServer } from './make-server.ts';
import type { Plan } from './plan.ts';
import type { Written } from './write-files.ts';

/** How far a build is. */
export interface BuildProgress {
  /** `reading`: what changed is found out; `pages`: of servers and tools; `whole`: what is about all of them. */
  phase: 'reading' | 'pages' | 'whole' | 'publishing';
  servers: number;
  serversInAll: number;
  tools: number;
  toolsInAll: number;
}

/** What came of a build. */
export interface BuildReport {
  servers: number;
  tools: number;
  /** Files of the site. */
  written: number;
  unchanged: number;
  removed: number;
}

/** Counts what a build does, and tells it. */
export interface Report {
  start(plan: Plan): void;
  enter(phase: BuildProgress['phase']): void;
  made(server: MadeServer): void;
  /** A server whose pages stand as they are. */
  stands(server: { tools: number; files: number }): void;
  add(written: Omit<Written, 'files'>): void;
  removed(files: number): void;
  result(): BuildReport;
}

export function startReport({
  onProgress,
}: {
  onProgress?: ((progress: BuildProgress) => void) | undefined;
}): Report {
  const progress: BuildProgress = { phase: 'reading', servers: 0, serversInAll: 0, tools: 0, toolsInAll: 0 };
  const files = { written: 0, unchanged: 0, removed: 0 };
  const tell = () => onProgress?.({ ...progress });
  const count = (tools: number) => {
    progress.servers++;
    progress.tools += tools;
    tell();
  };
  const add = ({ written, unchanged, removed }: Omit<Written, 'files'>) => {
    files.written += written;
    files.unchanged += unchanged;
    files.removed += removed;
  };
  tell();
  return {
    start({ revisions, toolCount }) {
      progress.serversInAll = revisions.length;
      progress.toolsInAll = toolCount;
      progress.phase = 'pages';
      tell();
    },
    enter(phase) {
      progress.phase = phase;
      tell();
    },
    made(server) {
      add(server);
      count(server.tools);
    },
    stands({ tools, files: known }) {
      files.unchanged += known;
      count(tools);
    },
    add,
    removed(n) {
      files.removed += n;
    },
    result: () => ({ servers: progress.servers, tools: progress.tools, ...files }),
  };
}
