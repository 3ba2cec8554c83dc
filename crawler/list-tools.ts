import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { RejectedTool, ToolDefinition } from './contract.ts';
import { readTool } from './definition.ts';
import { crawlFault, isCrawlFault } from './fault.ts';
import { MAX_ENTRIES, MAX_PAGES, MAX_WARNINGS } from './limits.ts';
import { clip, count, errorText, quote } from './text.ts';

/** One answer to `tools/list`, read as loosely as possible: the entries are looked at one by one. */
export const ToolPage = z
  .object({ tools: z.unknown().optional(), nextCursor: z.unknown().optional() })
  .loose();
export type ToolPage = z.infer<typeof ToolPage>;

export interface Listing {
  /** False when a cap was reached or a page was lost. */
  complete: boolean;
  tools: ToolDefinition[];
  rejected: RejectedTool[];
  warnings: string[];
}

/** Bounds of one listing. */
export interface ListingLimits {
  pages: number;
  entries: number;
}

/** The raw entries of all pages, and what is missing from them, if anything is. */
interface Collected {
  entries: unknown[];
  lost?: string;
}

/**
 * Asks for all pages of `tools/list` and keeps what can be read. `fetchPage` gives the answer for a cursor; the first
 * page's is undefined. Rejects with what `fetchPage` rejects with, or with a fault, when there is not even one page;
 * a later page that fails leaves the earlier ones.
 */
export async function listTools(
  fetchPage: (cursor: string | undefined) => Promise<ToolPage>,
  limits: ListingLimits = { pages: MAX_PAGES, entries: MAX_ENTRIES },
): Promise<Listing> {
  try {
    return readEntries(await collect(fetchPage, limits));
  } catch (error) {
    if (!(error instanceof McpError) || error.code !== ErrorCode.MethodNotFound) throw error;
    const warning = 'The server answered that it does not know tools/list, so it has no tools.';
    return { complete: true, tools: [], rejected: [], warnings: [warning] };
  }
}

async function collect(
  fetchPage: (cursor: string | undefined) => Promise<ToolPage>,
  limits: ListingLimits,
): Promise<Collected> {
  const entries: unknown[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 1; page <= limits.pages; page++) {
    const answer = await readPage(fetchPage, cursor, page);
    if (typeof answer === 'string') return { entries, lost: answer };

    const room = limits.entries - entries.length;
    entries.push(...answer.tools.slice(0, room));
    if (answer.tools.length > room) {
      return {
        entries,
        lost: `The list is longer than ${count(limits.entries, 'tool')}; the rest was not read.`,
      };
    }
    // An empty string is a cursor like any other: only its absence ends the list.
    const next = answer.nextCursor ?? undefined;
    if (next === undefined) return { entries };
    if (typeof next !== 'string') {
      return { entries, lost: `The cursor after page ${page} is not text; any further pages were not read.` };
    }
    if (cursors.has(next)) {
      return { entries, lost: `The cursor ${quote(next)} came twice; any further pages were not read.` };
    }
    cursors.add(next);
    cursor = next;
  }
  return { entries, lost: `The list has more than ${count(limits.pages, 'page')}; the rest was not read.` };
}

/** A page, or a sentence that says why it is lost. The first page must come. */
async function readPage(
  fetchPage: (cursor: string | undefined) => Promise<ToolPage>,
  cursor: string | undefined,
  page: number,
): Promise<{ tools: unknown[]; nextCursor: unknown } | string> {
  try {
    const { tools, nextCursor } = await fetchPage(cursor);
    if (Array.isArray(tools)) return { tools, nextCursor };
    throw crawlFault('protocol', 'answered tools/list without a list of tools');
  } catch (error) {
    const aborted = isCrawlFault(error) && error.code === 'aborted';
    if (page === 1 || aborted) throw error;
    return `Page ${page} of the list and what follows it are missing: the server ${clip(errorText(error), 300)}.`;
  }
}

function readEntries({ entries, lost }: Collected): Listing {
  const tools: ToolDefinition[] = [];
  const rejected: RejectedTool[] = [];
  const warnings: string[] = [];
  let tooLarge = 0;
  for (const [position, wire] of entries.entries()) {
    const read = readTool(wire, position);
    if (!read.ok) {
      rejected.push(read.rejected);
      if (read.tooLarge) tooLarge += 1;
      continue;
    }
    tools.push(read.tool);
    for (const problem of read.problems) {
      warnings.push(`Tool ${quote(read.tool.name)} (number ${position + 1}): ${problem}.`);
    }
  }

  const missing = lost === undefined ? [] : [lost];
  if (tooLarge > 0) missing.push(`${count(tooLarge, 'tool')} went beyond the limits and could not be read.`);
  if (rejected.length > tooLarge) {
    missing.push(
      `${count(rejected.length - tooLarge, 'entry', 'entries')} of the list could not be read as a tool.`,
    );
  }
  if (entries.length === 0 && lost === undefined)
    missing.push('The server answered with an empty list of tools.');
  return {
    complete: lost === undefined && tooLarge === 0,
    tools,
    rejected,
    warnings: capWarnings([...missing, ...sameNames(tools), ...warnings]),
  };
}

function sameNames(tools: readonly ToolDefinition[]): string[] {
  const times = new Map<string, number>();
  for (const { name } of tools) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times]
    .filter(([, number]) => number > 1)
    .map(([name, number]) => `${count(number, 'tool')} have the name ${quote(name)}.`);
}

function capWarnings(warnings: string[]): string[] {
  if (warnings.length <= MAX_WARNINGS) return warnings;
  const kept = warnings.slice(0, MAX_WARNINGS - 1);
  return [...kept, `${warnings.length - kept.length} more warnings were left out.`];
}
