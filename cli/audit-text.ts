import type { AuditSummary, Latency } from '../gateway/audit-summary.ts';
import { count } from '../site/words.ts';
import { cellWidth, nameCell, ruleCell } from './cells.ts';
import { table } from './terminal.ts';

/** Rows of each table; `--json` has all. */
const MAX_ROWS = 15;

/** The summary of an audit log for people, for so many columns. */
export function auditText(summary: AuditSummary, columns: number): string {
  const { from, to, records, unreadable, calls, grants, sessions, decisions, upstreamErrors } = summary;
  if (records === 0) return `No records.${unreadableText(unreadable)}\n`;
  const kinds = Object.entries(decisions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([decision, n]) => `${decision} ${n}`);
  const head = [
    `${from} to ${to}`,
    `${count(calls, 'tool call')} in ${count(records, 'record')}, ${count(sessions, 'session')} of ${count(grants, 'client')}`,
    `Decisions: ${kinds.join(', ')}`,
    ...(upstreamErrors > 0 ? [`Answered by the server with an error, or not at all: ${upstreamErrors}`] : []),
    latencyText('Gateway', summary.gatewayMs),
    latencyText('Server', summary.upstreamMs),
    unreadableText(unreadable).trim(),
  ].filter((line) => line !== '');
  return [
    `${head.join('\n')}\n`,
    clientsText(summary, columns),
    toolsText(summary, columns),
    stoppedText(summary, columns),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

type Counts = AuditSummary['decisions'];

/** How often each thing became of a call; what a dry run would have stopped has a column where there is such. */
const OUTCOMES: readonly { title: string; of(counts: Counts): number; rare?: true }[] = [
  { title: 'Allowed', of: ({ allow = 0 }) => allow },
  { title: 'Asked', of: ({ ask = 0 }) => ask },
  { title: 'Denied', of: ({ deny = 0, refused = 0 }) => deny + refused },
  { title: 'Dry run', of: (counts) => (counts['would-deny'] ?? 0) + (counts['would-ask'] ?? 0), rare: true },
];

function outcomesOf({ decisions }: AuditSummary) {
  return OUTCOMES.filter(({ of, rare }) => !rare || of(decisions) > 0);
}

/** Columns that the counts of a table take. */
function countsWidth(summary: AuditSummary): number {
  return ['Calls', ...outcomesOf(summary).map(({ title }) => title)].join('  ').length + 2;
}

function clientsText(summary: AuditSummary, columns: number): string {
  const { clients } = summary;
  if (clients.length < 2) return '';
  const outcomes = outcomesOf(summary);
  const width = cellWidth(columns - countsWidth(summary));
  const rows = clients
    .slice(0, MAX_ROWS)
    .map(({ grant, calls, decisions }) => [
      nameCell(grant, width),
      calls,
      ...outcomes.map(({ of }) => of(decisions)),
    ]);
  return `${table(['Client', 'Calls', ...outcomes.map(({ title }) => title)], rows)}${more(clients.length)}`;
}

function toolsText(summary: AuditSummary, columns: number): string {
  const { tools } = summary;
  if (tools.length === 0) return '';
  const outcomes = outcomesOf(summary);
  const left = columns - countsWidth(summary) - 2;
  const serverWidth = widest('Server', serversOf(tools), cellWidth(left * SERVER_SHARE));
  const rows = tools
    .slice(0, MAX_ROWS)
    .map(({ server, tool, calls, decisions }) => [
      nameCell(server, serverWidth),
      nameCell(tool, cellWidth(left - serverWidth)),
      calls,
      ...outcomes.map(({ of }) => of(decisions)),
    ]);
  return `${table(['Server', 'Tool', 'Calls', ...outcomes.map(({ title }) => title)], rows)}${more(tools.length)}`;
}

function stoppedText({ stopped }: AuditSummary, columns: number): string {
  if (stopped.length === 0) return '';
  const all = columns - 'Count  would-deny  '.length - 4;
  const serverWidth = widest('Server', serversOf(stopped), cellWidth(all * SERVER_SHARE));
  const left = all - serverWidth;
  const names = stopped.map(({ tool, method }) => tool ?? method);
  const toolWidth = widest(
    'What',
    names,
    cellWidth(Math.min(left / 2, left - '…/require_approval/0'.length)),
  );
  const ruleWidth = cellWidth(left - toolWidth);
  const rows = stopped
    .slice(0, MAX_ROWS)
    .map(({ server, tool, method, decision, rule, count: n }) => [
      n,
      decision,
      nameCell(server, serverWidth),
      nameCell(tool ?? method, toolWidth),
      ruleCell(rule, ruleWidth),
    ]);
  return `${table(['Count', 'Decision', 'Server', 'What', 'Rule'], rows)}${more(stopped.length)}`;
}

/** Of the room for names, what the server may take from the tool. */
const SERVER_SHARE = 0.3;

/** As many characters as a column of names needs, up to a bound. */
function widest(header: string, names: readonly string[], max: number): number {
  return Math.max(header.length, ...names.slice(0, MAX_ROWS).map((name) => nameCell(name, max).length));
}

function serversOf(rows: readonly { server: string }[]): string[] {
  return rows.map(({ server }) => server);
}

function latencyText(whose: string, latency: Latency | undefined): string {
  if (latency === undefined) return '';
  const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  return `${whose}: median ${ms(latency.median)}, 95 % under ${ms(latency.p95)}, longest ${ms(latency.max)}`;
}

function unreadableText(unreadable: number): string {
  return unreadable === 0 ? '' : ` ${count(unreadable, 'line')} could not be read.`;
}

function more(rows: number): string {
  return rows > MAX_ROWS ? `and ${rows - MAX_ROWS} more\n` : '';
}
