import type { Catalogue } from '../catalogue/catalogue.ts';
import {
  appearedReasons,
  changeReasons,
  definitionDiff,
  type JudgedDefinition,
  verdictOf,
} from '../catalogue/changes.ts';
import { MAX_DEFINITIONS_COMPARED } from '../catalogue/limits.ts';
import { breachesOf, type LockBreach, type LockedServer, type LockFile } from '../catalogue/lock-content.ts';
import { toolsOf } from '../catalogue/pipeline.ts';
import { indexable } from '../catalogue/servers.ts';
import { usageError } from '../crawler/fault.ts';
import { visible } from '../site/visible.ts';
import { shownName } from '../site/words.ts';
import { definitionText } from './diff-text.ts';
import type { Io } from './io.ts';
import { LOCK_ENDING, LOCK_FILE, readLockFile } from './pin.ts';
import type { PublishedLockCheck } from './published.ts';
import type { ScanOutcome } from './scan.ts';
import { type Painter, painter, textColumns, wrap } from './terminal.ts';

/** Whether a scanned server is as it was pinned. */
type LockCheck = PublishedLockCheck;

/** A scan that was held against a lock. */
export interface CheckedOutcome extends ScanOutcome {
  lock?: LockCheck;
}

/** The lock file that `--locked` names. Throws a usage error where there is none, or it cannot be used. */
export async function openLock(
  option: string | true,
  io: Pick<Io, 'cwd'>,
): Promise<{ file: string; lock: LockFile }> {
  const file = typeof option === 'string' && option.endsWith(LOCK_ENDING) ? option : LOCK_FILE;
  const lock = await readLockFile(file, io);
  if (lock === undefined) {
    throw usageError(
      `There is no lock file ${file}: \`catalogue pin <server>\` writes one of what was scanned.`,
    );
  }
  return { file, lock };
}

/** Holds each scan against a lock; definitions that were pinned and changed are looked up where there is a catalogue. */
export async function checkOutcomes(
  outcomes: readonly ScanOutcome[],
  { file, lock }: { file: string; lock: LockFile },
  catalogue: Catalogue | undefined,
): Promise<CheckedOutcome[]> {
  const checked: CheckedOutcome[] = [];
  for (const outcome of outcomes)
    checked.push({ ...outcome, lock: await checkOutcome(outcome, file, lock, catalogue) });
  return checked;
}

async function checkOutcome(
  outcome: ScanOutcome,
  file: string,
  lock: LockFile,
  catalogue: Catalogue | undefined,
): Promise<LockCheck> {
  const { crawl } = outcome;
  const id = indexable(crawl.target.id);
  const entries = Object.entries(lock.servers).filter(([, entry]) => entry.id === id);
  const keys = entries.map(([key]) => key).toSorted();
  const fails = (reason: string): LockCheck => ({ file, keys, status: 'differs', reason, tools: [] });
  if (crawl.status === 'failed') {
    return { file, keys, status: 'unknown', reason: 'it could not be listed', tools: [] };
  }
  if (entries.length === 0) return fails(`the lock file does not name ${JSON.stringify(id)}`);
  if (crawl.provenance === 'declared') {
    return fails('its tools are what somebody wrote down; the server itself was not asked');
  }
  // What is not in a list that was cut short may still be there.
  const breaches = entries
    .flatMap(([, entry]: [string, LockedServer]) => breachesOf(entry.tools, crawl.tools))
    .filter(({ kind }) => kind !== 'gone' || crawl.status === 'complete');
  const distinct = [...new Map(breaches.map((breach) => [JSON.stringify(breach), breach])).values()];
  const tools = await explain(distinct, outcome, catalogue);
  if (crawl.status === 'partial') {
    return { ...fails('its list was cut short, so that it cannot be held against the lock'), tools };
  }
  return { file, keys, status: tools.length === 0 ? 'matches' : 'differs', tools };
}

async function explain(
  breaches: readonly LockBreach[],
  { crawl, classifications }: ScanOutcome,
  catalogue: Catalogue | undefined,
): Promise<LockCheck['tools']> {
  const pinned = breaches.flatMap(({ kind, locked }) => (kind === 'changed' ? (locked ?? []) : []));
  const known: ReadonlyMap<string, JudgedDefinition> = (await catalogue?.definitions(pinned)) ?? new Map();
  const listed = new Map(
    toolsOf(crawl).map((definition, index): [string, JudgedDefinition] => {
      const classification = classifications[index];
      return [definition.hash, { definition, ...(classification && { classification }) }];
    }),
  );
  return breaches.map((breach, index) => {
    const [before, after] = [known.get(breach.locked ?? ''), listed.get(breach.hash ?? '')];
    return {
      ...breach,
      reasons: reasonsOf(breach, before, after),
      ...(before &&
        after &&
        index < MAX_DEFINITIONS_COMPARED && { definition: definitionDiff(before, after) }),
    };
  });
}

function reasonsOf(
  { kind }: LockBreach,
  before: JudgedDefinition | undefined,
  after: JudgedDefinition | undefined,
): string[] {
  const [was, is] = [before?.classification, after?.classification];
  if (is === undefined) return [];
  // Of a definition that nobody here has seen, what the new one does is all that can be said.
  return kind === 'changed' && was !== undefined ? changeReasons(was, is) : appearedReasons(verdictOf(is));
}

/** What a person reads of the servers and the lock: each tool that is not as it was pinned, and how to accept it. */
export function lockedText(outcomes: readonly CheckedOutcome[], io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const checked = outcomes.filter(({ lock }) => lock !== undefined);
  return checked.length === 0
    ? ''
    : `\n${checked.map((outcome) => serverText(outcome, paint, columns)).join('')}`;
}

function serverText({ crawl, slug, lock }: CheckedOutcome, paint: Painter, columns: number): string {
  if (lock === undefined) return '';
  const label = paint.strong(visible(crawl.target.label));
  if (lock.status === 'matches') return `Locked: ${label} is as it was pinned in ${lock.file}.\n`;
  if (lock.status === 'unknown')
    return `Locked: ${label} was not held against ${lock.file}: ${lock.reason}.\n`;
  const counts = (['new', 'changed', 'gone'] as const)
    .map((kind) => ({ kind, n: lock.tools.filter((tool) => tool.kind === kind).length }))
    .filter(({ n }) => n > 0)
    .map(({ kind, n }) => `${n} ${kind}`);
  const why = lock.reason === undefined ? counts.join(', ') : visible(lock.reason);
  return [
    `Locked: ${label} is not as it was pinned in ${lock.file}: ${why}\n`,
    ...lock.tools.map((tool) => breachText(tool, paint, columns)),
    wrap(acceptText(slug, lock), columns, ''),
  ].join('');
}

const MAX_NAME_CHARS = 56;
const HASH_CHARS = 12;

function breachText(tool: LockCheck['tools'][number], paint: Painter, columns: number): string {
  const { kind, name, locked, hash, reasons, definition } = tool;
  const hashes = [locked, hash].flatMap((each) => each?.slice(0, HASH_CHARS) ?? []).join(' → ');
  const unseen = kind === 'changed' && definition === undefined;
  return [
    `${reasons.length > 0 ? '!' : ' '} ${kind.padEnd('changed'.length)}  ${paint.strong(shownName(name, MAX_NAME_CHARS))}  ${paint.faint(hashes)}\n`,
    ...reasons.map((reason) => paint.strong(wrap(`! ${reason}`, columns, '    '))),
    ...(definition === undefined ? [] : [definitionText(definition, columns, '    ')]),
    ...(unseen
      ? [wrap('(not compared: the definition that was pinned is not in a catalogue here)', columns, '    ')]
      : []),
  ].join('');
}

function acceptText(slug: string | undefined, { file, keys }: LockCheck): string {
  const out = file === LOCK_FILE ? '' : ` -o ${file}`;
  const what = keys.length === 0 ? 'To pin it' : 'To accept it';
  return slug === undefined
    ? `${what}: scan it without --no-save, then \`catalogue pin <server>${out}\`.`
    : `${what}: catalogue pin ${slug}${out}`;
}
