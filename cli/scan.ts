import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { SCAN_CONCURRENCY } from '../catalogue/limits.ts';
import { type JudgedScan, scanAll } from '../catalogue/pipeline.ts';
import { classifyTool } from '../classifier/classify.ts';
import { crawl } from '../crawler/crawl.ts';
import { usageError } from '../crawler/fault.ts';
import type { SourceDeps, SourcedTarget } from '../crawler/source.ts';
import { commandLineTarget } from '../crawler/sources/command.ts';
import { targetsFor } from '../crawler/targets.ts';
import { visible } from '../site/visible.ts';
import { type Io, write } from './io.ts';

/** What the user asked for beyond the targets. */
export interface ScanSettings {
  args: string[];
  envNames: string[];
  headers: Record<string, string>;
  timeoutMs: number;
}

/** A scan, and the slug under which the catalogue keeps it; none when it is not kept. */
export interface ScanOutcome extends JudgedScan {
  slug?: string;
}

/** Reads the options. Throws a usage error that names the option and what it takes. */
export function readSettings(
  {
    env = [],
    header = [],
    arg = [],
    timeout,
  }: { env?: string[]; header?: string[]; arg?: string[]; timeout: string },
  io: Pick<Io, 'env'>,
): ScanSettings {
  const unset = env.find((name) => io.env[name] === undefined);
  if (unset !== undefined) throw usageError(`--env ${unset}: this variable is not set.`);
  const seconds = Number(timeout);
  if (!(seconds > 0)) throw usageError(`--timeout takes a number of seconds, not '${timeout}'.`);
  return {
    args: arg,
    envNames: env,
    headers: Object.fromEntries(header.map(readHeader)),
    timeoutMs: seconds * 1000,
  };
}

/** The message leaves the value out: it is likely to be a secret. */
function readHeader(header: string): [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(header) ?? [];
  if (name === undefined || value === undefined) throw usageError("--header takes 'Name: value'.");
  return [name, value];
}

/** The servers that the references and the command line name. Throws a usage error when one cannot be read. */
export async function gatherTargets(
  references: readonly string[],
  commandLine: readonly string[] | undefined,
  settings: ScanSettings,
  io: Io,
): Promise<SourcedTarget[]> {
  const warnings: string[] = [];
  const deps: SourceDeps = {
    cwd: io.cwd,
    home: io.home,
    platform: io.platform,
    environment: io.env,
    args: settings.args,
    envNames: settings.envNames,
    headers: settings.headers,
    readFile: (path) => readFile(path, 'utf8'),
    warn: (message) => warnings.push(message),
  };
  const lists = await Promise.all(references.map((reference) => targetsFor(reference, deps)));
  const literal = commandLine === undefined ? [] : [commandLineTarget(commandLine, deps)];
  for (const warning of warnings) await write(io.stderr, `${visible(warning)}\n`);
  return [...lists.flat(), ...literal];
}

/** Scans the targets, several at a time, and keeps each scan when a catalogue is given. */
export async function scanTargets(
  targets: readonly SourcedTarget[],
  settings: ScanSettings,
  catalogue: Catalogue | undefined,
  io: Io,
): Promise<ScanOutcome[]> {
  const slugs = new Map<JudgedScan, string>();
  const progress = showProgress(targets.length, io);
  const scratchRoot = await mkdtemp(join(io.tmp, 'catalogue-scan-'));
  try {
    const scans = await scanAll(targets, {
      concurrency: SCAN_CONCURRENCY,
      classify: classifyTool,
      crawl: ({ target, envValues, headers }) =>
        crawl(target, {
          environment: io.env,
          cwd: io.cwd,
          now: io.now,
          scratchRoot,
          timeoutMs: settings.timeoutMs,
          signal: io.signal,
          ...(envValues && { envValues }),
          ...(headers && { headers }),
        }),
      save: async (scan) => {
        if (catalogue !== undefined && !isAborted(scan)) slugs.set(scan, await catalogue.save(scan));
      },
      done: progress.step,
    });
    return scans.map((scan) => {
      const slug = slugs.get(scan);
      return { ...scan, ...(slug !== undefined && { slug }) };
    });
  } finally {
    progress.end();
    await rm(scratchRoot, { recursive: true, force: true });
  }
}

/** An interrupted scan says nothing about the server. */
function isAborted({ crawl }: JudgedScan): boolean {
  return crawl.status === 'failed' && crawl.failure.code === 'aborted';
}

/** One line on a terminal that counts the servers done; nothing elsewhere. */
function showProgress(total: number, { stderr }: Pick<Io, 'stderr'>): { step(): void; end(): void } {
  if (!stderr.isTerminal) return { step() {}, end() {} };
  let done = 0;
  const draw = () => stderr.stream.write(`\r\u001b[KScanned ${done} of ${total} …`);
  draw();
  return {
    step() {
      done++;
      draw();
    },
    end: () => void stderr.stream.write('\r\u001b[K'),
  };
}
