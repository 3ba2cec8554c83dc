import type { ServerView, ToolView } from '../catalogue/contract.ts';
import { signalEntries } from '../classifier/classify.ts';
import { recommend } from '../policy/recommend.ts';
import { visible, visibleJson } from '../site/visible.ts';
import { minute, shownName } from '../site/words.ts';
import type { Io } from './io.ts';
import { type PublishedTool, publishTool } from './published.ts';
import { painter, textColumns, wrap } from './terminal.ts';
import { toolLines, totalsLine } from './tool-lines.ts';

/** What a person reads of a server or a tool in a terminal: the same facts as on the site. */

const LABEL_COLUMNS = 12;
const MAX_QUOTE_CHARS = 300;

/** A server's datasheet. Every word of the server's own is made visible first. */
export function serverText(server: ServerView, io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const { lastScan, listing } = server;
  const tools = server.tools.map(({ definition, classification }) => ({
    name: definition.name,
    classification,
  }));
  const scanned = `${minute(lastScan.observedAt)}, ${lastScan.status}`;
  const head = [
    `${paint.strong(visible(server.label))}\n`,
    field('id', visible(server.id)),
    field('scanned', scanned),
    ...(lastScan.failure === undefined ? [] : [field('failed', visible(lastScan.failure.message))]),
    ...(listing === undefined || listing.observedAt === lastScan.observedAt
      ? []
      : [field('tools from', minute(listing.observedAt))]),
    ...(listing?.warnings ?? []).map((warning) => field('warning', visible(warning))),
  ].join('');
  if (listing === undefined) return `${head}\nIts tools have never been listed.\n`;
  return (
    `${head}\n${toolLines(tools, paint, textColumns(io.stdout))}\n${totalsLine(tools)}\n` +
    `Policy: catalogue export ${server.slug} -o policy.json\n`
  );
}

/** A tool's datasheet. */
export function toolText(server: ServerView, tool: ToolView, io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const { definition, classification } = tool;
  const { category, confidence, rationale, evidence, destructive, financial } = classification;
  const flags = [destructive && 'destructive', financial && 'financial'].filter((flag) => flag !== false);
  const policy = recommend([{ name: definition.name, classification }]);
  return [
    `${paint.strong(shownName(definition.name))}  ${visible(server.label)}\n\n`,
    field('risk', paint.risk(classification.risk).trimEnd()),
    field('category', [category, ...flags].join(', ')),
    field('confidence', confidence),
    field('first seen', minute(tool.firstSeenAt)),
    field('last seen', minute(tool.lastSeenAt)),
    field('definition', definition.hash.slice(0, 12)),
    field('classifier', classification.classifierVersion),
    `\n${wrap(visible(rationale), columns, '')}`,
    '\nEvidence\n',
    ...evidence.map(({ pointer, quote, note }) =>
      wrap(`${visible(pointer)}: '${shownName(quote, MAX_QUOTE_CHARS)}' (${visible(note)})`, columns, '  '),
    ),
    '\nSaid by the server\n',
    wrap(visible(definition.description || '(no description)'), columns, '  │ '),
    ...signalLines(tool),
    `\nPolicy for this tool alone; all else on the server is denied\n${visibleJson(JSON.stringify(policy, undefined, 2))}\n`,
  ].join('');
}

/** The JSON of a server: its scan, and its tools as `classify` prints them. */
export function publishServer(server: ServerView): Record<string, unknown> {
  const tools: PublishedTool[] = server.tools.map(({ definition, classification }) =>
    publishTool(server.slug, definition.name, classification),
  );
  const { lastScan } = server;
  return {
    server: server.slug,
    id: server.id,
    label: server.label,
    status: lastScan.status,
    scannedAt: lastScan.observedAt,
    listedAt: server.listing?.observedAt ?? null,
    ...(lastScan.failure !== undefined && { phase: lastScan.phase, failure: lastScan.failure }),
    tools,
  };
}

function signalLines({ classification }: ToolView): string[] {
  const labels = signalEntries(classification).map((signal) => `  ${visible(signal.label)}\n`);
  return labels.length === 0 ? [] : ['\nRisk signals\n', ...labels];
}

function field(label: string, value: string): string {
  return `${label.padEnd(LABEL_COLUMNS)}${value}\n`;
}
