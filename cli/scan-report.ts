import { correctorFor, type LocatedCorrection } from '../catalogue/corrections.ts';
import { toolsOf } from '../catalogue/pipeline.ts';
import { findCombinations } from '../classifier/combinations.ts';
import type { Isolation } from '../crawler/contract.ts';
import { visible } from '../site/visible.ts';
import {
  acrossLines,
  acrossServers,
  combinationLines,
  combinedTools,
  type GroupedServer,
} from './combinations.ts';
import type { Io } from './io.ts';
import { type CheckedOutcome, lockedText } from './locked.ts';
import {
  jsonText,
  type PublishedScan,
  type PublishedScans,
  publishCombination,
  publishTool,
} from './published.ts';
import type { ScanOutcome } from './scan.ts';
import { type Painter, painter, textColumns, wrap } from './terminal.ts';
import { type ListedTool, toolLines, totalsLine } from './tool-lines.ts';

/** The JSON of a scan: one entry for each target, failed ones too. */
export function publishScans(outcomes: readonly CheckedOutcome[]): string {
  const scans: PublishedScans = {
    servers: outcomes.map(publishScan),
    acrossServers: acrossServers(groupedServers(outcomes)).map(({ combinations, ...group }) => ({
      ...group,
      combinations: combinations.map(publishCombination),
    })),
  };
  return `${jsonText(scans, 2)}\n`;
}

/** The outcomes with the verdicts that people have corrected. What is stored stays as the classifier said it. */
export function correctOutcomes<Outcome extends ScanOutcome>(
  outcomes: readonly Outcome[],
  corrections: readonly LocatedCorrection[],
): Outcome[] {
  return outcomes.map((outcome) => {
    const { slug, crawl } = outcome;
    const correct = correctorFor(corrections, { id: crawl.target.id, ...(slug !== undefined && { slug }) });
    const tools = toolsOf(crawl);
    const classifications = outcome.classifications.map((classification, index) => {
      const name = tools[index]?.name;
      return name === undefined ? classification : correct(name, classification);
    });
    return { ...outcome, classifications };
  });
}

/** Servers that listed tools; two of one label go by their ids. */
function groupedServers(outcomes: readonly ScanOutcome[]): GroupedServer[] {
  const ids = new Map<string, Set<string>>();
  for (const { target } of outcomes.map(({ crawl }) => crawl)) {
    ids.set(target.label, (ids.get(target.label) ?? new Set()).add(target.id));
  }
  return outcomes.flatMap((outcome) => {
    const { label, id, origin } = outcome.crawl.target;
    const tools = listedTools(outcome);
    if (tools.length === 0) return [];
    return [{ name: (ids.get(label)?.size ?? 0) > 1 ? id : label, origin, tools }];
  });
}

function publishScan({ crawl, classifications, lock }: CheckedOutcome): PublishedScan {
  const { target, status } = crawl;
  const { isolation } = crawl.context;
  const held = lock === undefined ? {} : { lock };
  const head = { target, status, ...(isolation !== undefined && { isolation }), ...held };
  if (crawl.status === 'failed') {
    const { phase, failure } = crawl;
    return { ...head, phase, failure, warnings: [], rejected: [], tools: [], combinations: [] };
  }
  const { warnings, rejected } = crawl;
  const tools = listedTools({ crawl, classifications });
  return {
    ...head,
    warnings,
    rejected,
    tools: tools.map(({ name, classification }) => publishTool(target.label, name, classification)),
    combinations: findCombinations(combinedTools(target.label, tools)).map(publishCombination),
  };
}

/**
 * What a person reads of a scan: each server's tools, the riskiest first, its totals, what they can do together, where
 * its policy is; at the end what the servers can do together, and how they stand against a lock.
 */
export function scanText(outcomes: readonly CheckedOutcome[], io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const servers = outcomes.map((outcome) => serverText(outcome, paint, columns)).join('\n');
  const across = acrossLines(acrossServers(groupedServers(outcomes)), columns);
  return servers + across + lockedText(outcomes, io);
}

function serverText(outcome: ScanOutcome, paint: Painter, columns: number): string {
  const { crawl } = outcome;
  const seconds = (crawl.durationMs / 1000).toFixed(1);
  const head = `${paint.strong(visible(crawl.target.label))}  ${crawl.status} in ${seconds} s${isolationWords(crawl.context.isolation)}\n`;
  if (crawl.status === 'failed') {
    const { phase, failure } = crawl;
    return (
      head +
      wrap(`${failure.code} at ${phase}: ${visible(failure.message)}`, columns, '  ') +
      quoted(failure.detail)
    );
  }
  const rejected = crawl.rejected.map(
    ({ position, label, reason }) =>
      `Entry ${position + 1}${label === undefined ? '' : ` (${label})`} ${reason}.`,
  );
  const remarks = [...crawl.warnings, ...rejected]
    .map((remark) => wrap(`! ${visible(remark)}`, columns, '  '))
    .join('');
  const tools = listedTools(outcome);
  return [
    head,
    remarks,
    toolLines(tools, paint, columns),
    totalsLine(tools),
    '\n',
    combinationLines(findCombinations(combinedTools(crawl.target.label, tools)), columns),
    policyLine(outcome.slug),
  ].join('');
}

function isolationWords(isolation: Isolation | undefined): string {
  if (isolation === undefined) return '';
  return isolation === 'none' ? ', not isolated' : `, isolated by ${isolation}`;
}

function policyLine(slug: string | undefined): string {
  return slug === undefined
    ? 'Nothing was kept. Without --no-save, `catalogue export` gives the policy.\n'
    : `Policy: catalogue export ${slug} -o policy.json\n`;
}

/** More of what a server said, each line marked as its own. */
function quoted(detail: string | undefined): string {
  if (detail === undefined) return '';
  const lines = visible(detail.trim(), { lines: true }).split('\n');
  return lines.map((line) => `  │ ${line}\n`).join('');
}

function listedTools({
  crawl,
  classifications,
}: Pick<ScanOutcome, 'crawl' | 'classifications'>): ListedTool[] {
  return toolsOf(crawl).flatMap(({ name }, index) => {
    const classification = classifications[index];
    return classification === undefined ? [] : [{ name, classification }];
  });
}
