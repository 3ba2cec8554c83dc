import { toolsOf } from '../catalogue/pipeline.ts';
import type { Isolation } from '../crawler/contract.ts';
import { visible } from '../site/visible.ts';
import type { Io } from './io.ts';
import { jsonText, type PublishedScan, publishTool } from './published.ts';
import type { ScanOutcome } from './scan.ts';
import { type Painter, painter, textColumns, wrap } from './terminal.ts';
import { type ListedTool, toolLines, totalsLine } from './tool-lines.ts';

/** The JSON of a scan: one entry for each target, failed ones too. */
export function publishScans(outcomes: readonly ScanOutcome[]): string {
  return `${jsonText({ servers: outcomes.map(publishScan) }, 2)}\n`;
}

function publishScan({ crawl, classifications }: ScanOutcome): PublishedScan {
  const { target, status } = crawl;
  const { isolation } = crawl.context;
  const head = { target, status, ...(isolation !== undefined && { isolation }) };
  if (crawl.status === 'failed') {
    const { phase, failure } = crawl;
    return { ...head, phase, failure, warnings: [], rejected: [], tools: [] };
  }
  const { warnings, rejected } = crawl;
  const tools = listedTools({ crawl, classifications }).map(({ name, classification }) =>
    publishTool(target.label, name, classification),
  );
  return { ...head, warnings, rejected, tools };
}

/** What a person reads of a scan: each server's tools, the riskiest first, its totals, and where its policy is. */
export function scanText(outcomes: readonly ScanOutcome[], io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  return outcomes.map((outcome) => serverText(outcome, paint, columns)).join('\n');
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
