import PQueue from 'p-queue';
import type { Classification } from '../classifier/contract.ts';
import type { CrawlResult, ToolDefinition } from '../crawler/contract.ts';

/** A crawl, with a verdict on each of its tools; what a scan stores. */
export interface JudgedScan {
  crawl: CrawlResult;
  /** One for each of the crawl's tools, in their order; none when the crawl failed. */
  classifications: Classification[];
  /** What the rules said alone, where second opinions were asked for; stored before the verdicts above. */
  rules?: Classification[];
}

export interface ScanSteps<Target> {
  crawl(target: Target): Promise<CrawlResult>;
  /** Gives a verdict on each tool, in their order. */
  classify(tools: readonly ToolDefinition[]): Classification[];
  /** Gives the verdict with a second opinion on it, or the same verdict; left out when none is to be asked for. */
  review?: ((tool: ToolDefinition, rules: Classification) => Promise<Classification>) | undefined;
  /** Keeps the scan; left out when nothing is to be kept. */
  save?(scan: JudgedScan): Promise<void>;
  /** Called as each target is done, in the order in which they end. */
  done?(scan: JudgedScan): void;
  concurrency: number;
}

/** Crawls, judges and keeps each target, several at a time. Gives the scans in the order of the targets. */
export async function scanAll<Target>(
  targets: readonly Target[],
  steps: ScanSteps<Target>,
): Promise<JudgedScan[]> {
  const queue = new PQueue({ concurrency: steps.concurrency });
  return queue.addAll(targets.map((target) => () => scanOne(target, steps)));
}

async function scanOne<Target>(target: Target, steps: ScanSteps<Target>): Promise<JudgedScan> {
  const crawl = await steps.crawl(target);
  const scan = { crawl, ...(await judgeAll(toolsOf(crawl), steps)) };
  await steps.save?.(scan);
  steps.done?.(scan);
  return scan;
}

async function judgeAll<Target>(
  tools: readonly ToolDefinition[],
  { classify, review }: ScanSteps<Target>,
): Promise<Omit<JudgedScan, 'crawl'>> {
  const rules = classify(tools);
  if (review === undefined) return { classifications: rules };
  const classifications = await Promise.all(
    rules.map((verdict, index) => {
      const tool = tools[index];
      return tool === undefined ? verdict : review(tool, verdict);
    }),
  );
  return { classifications, rules };
}

/** The tools that a crawl listed; none when it failed. */
export function toolsOf(crawl: CrawlResult): ToolDefinition[] {
  return crawl.status === 'failed' ? [] : crawl.tools;
}
