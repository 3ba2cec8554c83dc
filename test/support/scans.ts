import type { JudgedScan } from '../../catalogue/pipeline.ts';
import { classifyTool } from '../../classifier/classify.ts';
import type { CrawlListing, ServerTarget, ToolDefinition } from '../../crawler/contract.ts';
import { readTool } from '../../crawler/definition.ts';

/** A tool definition from what a server would send. Throws when it is no tool. */
function toolOf(wire: unknown, position = 0): ToolDefinition {
  const read = readTool(wire, position);
  if (!read.ok) throw new Error(`not a tool: ${read.rejected.reason}`);
  return read.tool;
}

function targetOf(label: string): ServerTarget {
  return {
    id: `npm:${label}`,
    label,
    transport: { kind: 'stdio', command: 'npx', args: ['-y', label], envNames: [] },
    origin: { source: 'npm', ref: `npm:${label}` },
  };
}

/** A complete, judged scan of a server that sends these tools. */
export function scanOf(
  label: string,
  wires: readonly unknown[],
  observedAt = '2026-01-02T03:04:05.678Z',
): JudgedScan {
  const target = targetOf(label);
  const crawl: CrawlListing = {
    target,
    observedAt,
    durationMs: 12,
    context: { args: ['-y', label], envNames: [], clientCapabilities: {}, protocolVersion: '2025-11-25' },
    status: 'complete',
    provenance: 'observed',
    serverInfo: { name: label, version: '1.0.0' },
    tools: wires.map((wire, position) => toolOf(wire, position)),
    rejected: [],
    warnings: [],
  };
  return { crawl, classifications: crawl.tools.map(classifyTool) };
}

/** A scan that failed. */
export function failedScanOf(label: string, observedAt = '2026-01-02T03:04:05.678Z'): JudgedScan {
  const { crawl } = scanOf(label, []);
  const { target, durationMs, context } = crawl;
  return {
    crawl: {
      target,
      observedAt,
      durationMs,
      context,
      status: 'failed',
      phase: 'initialize',
      failure: { code: 'timeout', message: `${label} did not answer.` },
    },
    classifications: [],
  };
}
