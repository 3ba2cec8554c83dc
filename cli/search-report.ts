import type { SearchAnswer, SearchHit } from '../catalogue/search-contract.ts';
import { visible } from '../site/visible.ts';
import { count, cut, marksOf, RISKS } from '../site/words.ts';
import { cellWidth, nameCell, room } from './cells.ts';
import type { Io } from './io.ts';
import { type PublishedSearch, publishTool } from './published.ts';
import { painter, table } from './terminal.ts';

/** An answer as JSON for other programs. */
export function publishSearch({ hits, after, respelt, waitingServers }: SearchAnswer): PublishedSearch {
  return {
    tools: hits.map(({ server, definition, classification }) => ({
      ...publishTool(server.slug, definition.name, classification),
      ...(definition.description !== undefined && { description: definition.description }),
    })),
    ...(after !== undefined && { after }),
    respelt,
    waitingServers,
  };
}

const RISK_COLUMNS = '⬣ critical'.length + 2;
const CATEGORY_COLUMNS = 'Category'.length + 2;
const DESCRIPTION_GAP = 2 * 2;

/** Of the columns that are left beside risk and category, so many parts of a hundred for the tool and the server. */
const TOOL_SHARE = 0.36;
const SERVER_SHARE = 0.24;

/** One line a tool: risk, tool, server, category and the first line of its description. Empty where nothing was found. */
export function searchTable({ hits }: SearchAnswer, io: Pick<Io, 'stdout' | 'env'>): string {
  if (hits.length === 0) return '';
  const left = room(io.stdout) - RISK_COLUMNS - CATEGORY_COLUMNS - DESCRIPTION_GAP;
  const [toolChars, serverChars] = [cellWidth(left * TOOL_SHARE), cellWidth(left * SERVER_SHARE)];
  const rows = hits.map(({ server, definition, classification }) => [
    nameCell(definition.name, toolChars),
    nameCell(server.slug, serverChars),
    [classification.category, ...marksOf(classification)].join(', '),
    '',
  ]);
  const [head = '', ...lines] = table(['Tool', 'Server', 'Category', ''], rows).trimEnd().split('\n');
  const paint = painter(io.stdout, io.env);
  const used = Math.max(...[head, ...lines].map((line) => line.length));
  const texts = hits.map((hit) =>
    cut(firstLine(hit), Math.max(0, room(io.stdout) - RISK_COLUMNS - used - 3)),
  );
  const shown = lines.map((line, index) => {
    const risk = hits[index]?.classification.risk ?? RISKS[0] ?? 'critical';
    return `${paint.risk(risk)}  ${line.padEnd(used)}  ${paint.faint(texts[index] ?? '')}`.trimEnd();
  });
  return [`${'Risk'.padEnd(RISK_COLUMNS)}${head.padEnd(used)}  Description`, ...shown, ''].join('\n');
}

function firstLine({ definition: { description = '' } }: SearchHit): string {
  const [line = ''] = description.trimStart().split(/\r?\n/, 1);
  return visible(line.trimEnd());
}

/** What a person has to know of an answer beside the tools; each on a line. */
export function searchRemarks({ hits, after, respelt, waitingServers }: SearchAnswer): string {
  const lines = respelt.map(({ word, as }) =>
    as === undefined
      ? `No tool has the word '${visible(word)}', nor one like it.`
      : `No tool has the word '${visible(word)}'; '${visible(as)}' was searched.`,
  );
  if (hits.length === 0 && lines.length === 0) lines.push('No tool was found.');
  if (after !== undefined) lines.push(`There is more. The same command goes on with:\n  --after ${after}`);
  if (waitingServers > 0) {
    lines.push(
      `${count(waitingServers, 'server')} changed since, and what ${waitingServers === 1 ? 'it lists' : 'they list'} now is not searched yet.`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}
