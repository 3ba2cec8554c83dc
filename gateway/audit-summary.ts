import { createReadStream } from 'node:fs';
import { usageError } from '../crawler/fault.ts';
import { errorText } from '../crawler/text.ts';
import { readTextLines } from '../crawler/text-lines.ts';
import { AuditRecord } from './contract.ts';

type Decision = AuditRecord['decision'];

/** Milliseconds; absent where nothing was measured. */
export interface Latency {
  median: number;
  p95: number;
  max: number;
}

/** What an audit log says, counted. */
export interface AuditSummary {
  /** ISO 8601; absent where there is no record. */
  from?: string;
  to?: string;
  records: number;
  /** Lines that are no record: cut off by a kill or a full disk, or written by something else. */
  unreadable: number;
  calls: number;
  /** Who called, most calls first. */
  clients: { grant: string; calls: number; decisions: Partial<Record<Decision, number>> }[];
  grants: number;
  sessions: number;
  decisions: Partial<Record<Decision, number>>;
  /** Most used first. */
  tools: { server: string; tool: string; calls: number; decisions: Partial<Record<Decision, number>> }[];
  /** What did not go through, or would not have, most frequent first. */
  stopped: {
    server: string;
    tool?: string;
    method: string;
    decision: Decision;
    rule: string;
    message?: string;
    count: number;
  }[];
  /** Calls that the server answered with an error or not at all. */
  upstreamErrors: number;
  gatewayMs?: Latency;
  upstreamMs?: Latency;
}

/** Reads records from files, in their order, from an instant on. Lines that are none are given as undefined. */
export async function* readAudit(
  paths: readonly string[],
  since?: Date,
): AsyncGenerator<AuditRecord | undefined> {
  for (const path of paths) {
    try {
      for await (const line of readTextLines(createReadStream(path))) {
        const record = recordOf(line);
        if (record && since && Date.parse(record.time) < since.getTime()) continue;
        yield record;
      }
    } catch (error) {
      throw usageError(`The audit log ${path} cannot be read: ${errorText(error)}.`);
    }
  }
}

function recordOf(line: string): AuditRecord | undefined {
  try {
    return AuditRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Counts records; sorted, so that the same log gives the same summary. */
export async function summarise(records: AsyncIterable<AuditRecord | undefined>): Promise<AuditSummary> {
  const summary: AuditSummary = {
    records: 0,
    unreadable: 0,
    calls: 0,
    clients: [],
    grants: 0,
    sessions: 0,
    decisions: {},
    tools: [],
    stopped: [],
    upstreamErrors: 0,
  };
  const grants = new Set<string>();
  const sessions = new Set<string>();
  const tools = new Map<string, AuditSummary['tools'][number]>();
  const clients = new Map<string, AuditSummary['clients'][number]>();
  const stopped = new Map<string, AuditSummary['stopped'][number]>();
  const gatewayMs: number[] = [];
  const upstreamMs: number[] = [];

  for await (const record of records) {
    if (record === undefined) {
      summary.unreadable += 1;
      continue;
    }
    const { server, tool, method, decision, rule = '', message, time } = record;
    summary.records += 1;
    if (summary.from === undefined || time < summary.from) summary.from = time;
    if (summary.to === undefined || time > summary.to) summary.to = time;
    // What the gateway tells of itself, or of a request outside any session, has such a name.
    if (!record.grant.startsWith('(')) grants.add(record.grant);
    if (!record.session.startsWith('(')) sessions.add(record.session);
    addTo(summary.decisions, decision);
    gatewayMs.push(record.gatewayMs);
    if (record.upstreamMs !== undefined) upstreamMs.push(record.upstreamMs);
    if (record.upstream === 'error') summary.upstreamErrors += 1;
    if (method === 'tools/call' && tool !== undefined) {
      summary.calls += 1;
      const key = JSON.stringify([server, tool]);
      const entry = tools.get(key) ?? { server, tool, calls: 0, decisions: {} };
      tools.set(key, entry);
      entry.calls += 1;
      addTo(entry.decisions, decision);
      const client = clients.get(record.grant) ?? { grant: record.grant, calls: 0, decisions: {} };
      clients.set(record.grant, client);
      client.calls += 1;
      addTo(client.decisions, decision);
    }
    if (decision === 'allow') continue;
    const key = JSON.stringify([server, tool, method, decision, rule]);
    const entry = stopped.get(key) ?? {
      server,
      ...(tool !== undefined && { tool }),
      method,
      decision,
      rule,
      ...(message !== undefined && { message }),
      count: 0,
    };
    stopped.set(key, entry);
    entry.count += 1;
  }

  const gateway = latency(gatewayMs);
  const upstream = latency(upstreamMs);
  return {
    ...summary,
    clients: sorted(clients, ({ calls }) => calls),
    grants: grants.size,
    sessions: sessions.size,
    tools: sorted(tools, ({ calls }) => calls),
    stopped: sorted(stopped, ({ count }) => count),
    ...(gateway && { gatewayMs: gateway }),
    ...(upstream && { upstreamMs: upstream }),
  };
}

function addTo(counts: Partial<Record<Decision, number>>, decision: Decision): void {
  counts[decision] = (counts[decision] ?? 0) + 1;
}

/** The most frequent first, and in the order of their keys where that is the same. */
function sorted<Entry>(entries: ReadonlyMap<string, Entry>, frequency: (entry: Entry) => number): Entry[] {
  return [...entries]
    .toSorted(([a, left], [b, right]) => frequency(right) - frequency(left) || (a < b ? -1 : 1))
    .map(([, entry]) => entry);
}

function latency(values: number[]): Latency | undefined {
  if (values.length === 0) return undefined;
  const ascending = Float64Array.from(values).sort();
  const at = (share: number) =>
    ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
