import type { ServerView, ToolView } from '../catalogue/contract.ts';
import { signalEntries } from '../classifier/classify.ts';
import { findCombinations } from '../classifier/combinations.ts';
import type { Classification, Ruling } from '../classifier/contract.ts';
import { HINT_DEFAULTS } from '../classifier/hints.ts';
import type { SignalGroup } from '../classifier/signal.ts';
import { recommend } from '../policy/recommend.ts';
import { lowerToPolicyJson } from '../policy/targets/policy-json.ts';
import { presentFindings } from '../site/evidence.ts';
import { shownSignals } from '../site/signals.ts';
import { visible, visibleJson } from '../site/visible.ts';
import { GROUP_TITLES, HINT_WORDS, kindOf, minute, REVIEW_OUTCOME, shownName } from '../site/words.ts';
import { combinationLines, combinedTools } from './combinations.ts';
import type { Io } from './io.ts';
import { type PublishedTool, publishCombination, publishTool } from './published.ts';
import { painter, table, textColumns, wrap } from './terminal.ts';
import { toolLines, totalsLine } from './tool-lines.ts';

/** What a person reads of a server or a tool in a terminal: the same facts as on the site. */

const LABEL_COLUMNS = 12;
const MAX_QUOTE_CHARS = 300;

/** A server's datasheet. Every word of the server's own is made visible first. */
export function serverText(server: ServerView, io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
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
    `${head}\n${toolLines(tools, paint, columns)}\n${totalsLine(tools)}\n` +
    `${combinationLines(findCombinations(combinedTools(server.label, tools)), columns) || '\n'}` +
    `Policy: catalogue export ${server.slug} -o policy.json\n`
  );
}

/** A tool's datasheet. */
export function toolText(server: ServerView, tool: ToolView, io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const { definition, classification } = tool;
  const { confidence, rationale, evidence, alternative, correction } = classification;
  const recommended = recommend([{ name: definition.name, classification }], { shaped: false });
  const policy = lowerToPolicyJson(recommended, []).document;
  return [
    `${paint.strong(shownName(definition.name))}  ${visible(server.label)}\n\n`,
    field('risk', paint.risk(classification.risk).trimEnd()),
    field('category', kindOf(classification)),
    ...(alternative === undefined
      ? []
      : [field('or', `${alternative}: the definition leaves this reading open`)]),
    field('confidence', confidence),
    field('first seen', minute(tool.firstSeenAt)),
    field('last seen', minute(tool.lastSeenAt)),
    field('definition', definition.hash.slice(0, 12)),
    field('judged by', `${visible(classification.reviewer)}, classifier ${classification.classifierVersion}`),
    ...attackLines(tool, columns).map(paint.strong),
    `\n${wrap(visible(rationale), columns, '')}`,
    ...correctionLines(tool, columns),
    ...reviewLines(tool, columns),
    correction === undefined ? '\nEvidence\n' : '\nEvidence of the verdict before the correction\n',
    ...evidence.map(({ pointer, quote, note }) =>
      wrap(`${visible(pointer)}: '${shownName(quote, MAX_QUOTE_CHARS)}' (${visible(note)})`, columns, '  '),
    ),
    '\nSaid by the server\n',
    wrap(visible(definition.description || '(no description)'), columns, '  │ '),
    ...signalLines(tool, 'capability', columns),
    ...signalLines(tool, 'definition', columns),
    '\nWhat the server claims\n',
    claimLines(classification),
    `\nPolicy for this tool alone; all else on the server is denied\n${visibleJson(JSON.stringify(policy, undefined, 2))}\n`,
    `\nWrong? catalogue corrections new ${server.slug} ${tool.slug}\n`,
  ].join('');
}

function claimLines({ hints }: Classification): string {
  const rows = hints.map(({ hint, claim, verdict }) => [
    `  ${hint}`,
    claim,
    HINT_DEFAULTS[hint],
    HINT_WORDS[verdict],
  ]);
  return table(['  Hint', 'Claim', 'Default', 'Finding'], rows);
}

/** The warning that stands apart from all that the tool can do, with the first quote of each finding. */
function attackLines({ classification }: ToolView, columns: number): string[] {
  const own = shownSignals(classification).filter(({ group }) => group === 'attack-text');
  if (own.length === 0) return [];
  const lines = own.map(({ id, label }) => {
    const [first] = presentFindings(classification).find(({ signal }) => signal === id)?.evidence ?? [];
    const quote = first === undefined ? '' : `: '${shownName(first.quote, MAX_QUOTE_CHARS)}'`;
    return wrap(`! ${visible(label)}${quote}`, columns, '  ');
  });
  return [`\n${GROUP_TITLES['attack-text']}\n`, ...lines];
}

/** Who overrode the verdict, why, and what it said before. */
function correctionLines({ classification: { correction } }: ToolView, columns: number): string[] {
  if (correction === undefined) return [];
  return [
    `\nCorrected by ${visible(correction.by)}\n`,
    wrap(visible(correction.reason), columns, '  '),
    wrap(`Before: ${rulingText(correction.replaced)}`, columns, '  '),
    wrap('It counts for this definition only, and expires when that changes.', columns, '  '),
  ];
}

/** The two verdicts one under the other, and what came of it. */
function reviewLines({ classification: { review } }: ToolView, columns: number): string[] {
  if (review === undefined) return [];
  const { model, promptVersion, opinion, rules, outcome } = review;
  const { pointer, quote } = opinion.evidence;
  return [
    `\nSecond opinion\n`,
    wrap(`${visible(model)}, prompt ${visible(promptVersion)}. ${REVIEW_OUTCOME[outcome]}`, columns, '  '),
    wrap(`Rules: ${rulingText(rules)}`, columns, '  '),
    wrap(`Model: ${kindOf(opinion)}. ${visible(opinion.rationale)}`, columns, '  '),
    wrap(`It quotes ${visible(pointer)}: '${shownName(quote, MAX_QUOTE_CHARS)}'`, columns, '  '),
  ];
}

function rulingText(ruling: Ruling): string {
  const { risk, confidence, rationale } = ruling;
  return `${kindOf(ruling)}; ${risk} risk, ${confidence} confidence. ${visible(rationale)}`;
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
    combinations: findCombinations(
      combinedTools(
        server.slug,
        server.tools.map(({ definition, classification }) => ({ name: definition.name, classification })),
      ),
    ).map(publishCombination),
  };
}

function signalLines({ classification }: ToolView, group: SignalGroup, columns: number): string[] {
  const own = signalEntries(classification).filter((signal) => signal.group === group);
  if (own.length === 0) return [];
  return [`\n${GROUP_TITLES[group]}\n`, ...own.map(({ label }) => wrap(visible(label), columns, '  '))];
}

function field(label: string, value: string): string {
  return `${label.padEnd(LABEL_COLUMNS)}${value}\n`;
}
