import type { Catalogue } from '../catalogue/catalogue.ts';
import { SCAN_CONCURRENCY } from '../catalogue/limits.ts';
import { type JudgedScan, scanAll } from '../catalogue/pipeline.ts';
import { classifyTools } from '../classifier/classify.ts';
import type { Reviewer } from '../classifier/review/reviewer.ts';
import { usageError } from '../crawler/fault.ts';
import { knownResult } from '../crawler/known.ts';
import type { SourcedTarget } from '../crawler/source.ts';
import { source as clientConfig } from '../crawler/sources/client-config.ts';
import { commandLineTarget } from '../crawler/sources/command.ts';
import { targetsFor } from '../crawler/targets.ts';
import { visible } from '../site/visible.ts';
import type { Crawler } from './crawler.ts';
import { requireVariables } from './crawler-options.ts';
import { type Io, write } from './io.ts';
import { sourceDeps } from './source-deps.ts';

/** What the user asked for beyond the targets. */
export interface ScanSettings {
  args: string[];
  envNames: string[];
  headers: Record<string, string>;
}

/** A scan, and the slug under which the catalogue keeps it; none when it is not kept. */
export interface ScanOutcome extends JudgedScan {
  slug?: string;
}

/** Reads the options. Throws a usage error that names the option and what it takes. */
export function readSettings(
  { env = [], header = [], arg = [] }: { env?: string[]; header?: string[]; arg?: string[] },
  io: Pick<Io, 'env'>,
): ScanSettings {
  requireVariables(env, io);
  return { args: arg, envNames: env, headers: Object.fromEntries(header.map(readHeader)) };
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
  withClients: boolean,
  commandLine: readonly string[] | undefined,
  settings: ScanSettings,
  io: Io,
): Promise<SourcedTarget[]> {
  const warnings: string[] = [];
  const { args, envNames, headers } = settings;
  const deps = sourceDeps(io, { args, envNames, headers, warn: (message) => warnings.push(message) });
  const lists = await Promise.all(references.map((reference) => targetsFor(reference, deps)));
  const clients = withClients
    ? await Array.fromAsync(clientConfig.targets(clientConfig.defaultRef ?? '', deps))
    : [];
  const literal = commandLine === undefined ? [] : [commandLineTarget(commandLine, deps)];
  for (const warning of warnings) await write(io.stderr, `${visible(warning)}\n`);
  return [...lists.flat(), ...clients, ...literal];
}

/**
 * Scans the targets, several at a time, and keeps each scan when a catalogue is given; with second opinions when
 * there is somebody to give them.
 */
export async function scanTargets(
  targets: readonly SourcedTarget[],
  crawler: Crawler,
  catalogue: Catalogue | undefined,
  reviewer: Pick<Reviewer, 'review'> | undefined,
  io: Io,
): Promise<ScanOutcome[]> {
  const slugs = new Map<JudgedScan, string>();
  const progress = showProgress(targets.length, io);
  try {
    const scans = await scanAll(targets, {
      concurrency: SCAN_CONCURRENCY,
      classify: classifyTools,
      review: reviewer?.review,
      crawl: async (target) => (await knownResult(target, io.now().toISOString())) ?? crawler.list(target),
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
