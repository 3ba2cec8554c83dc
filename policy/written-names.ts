import type { PolicyDocument } from './contract.ts';
import type { StaticDecision } from './lower.ts';
import { compareText } from './order.ts';

/**
 * Places that know a tool by something else than its exact name, and what that costs: what cannot be told apart is
 * denied together.
 */

export interface WrittenTool extends StaticDecision {
  /** As the target writes the tool. */
  written: string;
}

export interface WrittenTools {
  /** Sorted by what is written, each of which stands once. */
  tools: WrittenTool[];
  /** Those of the decisions that hold as they are; what was lost of them is for `lossesOf` to say. */
  sure: StaticDecision[];
  /** One sentence for each kind of loss. */
  losses: string[];
}

/**
 * The decisions under the names that the target writes. `write` gives the written name, undefined for a tool that
 * cannot be written at all; only a name that is written as it is stands for sure for one tool. Any other is denied,
 * and so is whatever would be written like it. Half of a surrogate pair is given to it as U+FFFD, as most readers of
 * JSON have it.
 */
export function writtenTools(
  decisions: readonly StaticDecision[],
  write: (tool: string) => string | undefined,
): WrittenTools {
  const byWritten = Map.groupBy(decisions, ({ tool }) => write(tool.toWellFormed()));
  const unwritten: string[] = [];
  const sure: StaticDecision[] = [];
  const tools = [...byWritten].flatMap(([written, same]): WrittenTool[] => {
    const isSure = same.every(({ tool }) => tool === written);
    if (isSure) sure.push(...same);
    else unwritten.push(...same.filter((each) => isOpen(each) || lostAny(each)).map(({ tool }) => tool));
    const [first] = same;
    if (written === undefined || first === undefined) return [];
    return [isSure ? { ...first, written } : { ...first, ...DENIED, written }];
  });
  return {
    tools: tools.sort((a, b) => compareText(a.written, b.written)),
    sure,
    losses: naming('The name cannot be written here for sure, so every call is denied', unwritten),
  };
}

function lostAny({ dropped }: StaticDecision): boolean {
  return dropped.arguments || dropped.ask || dropped.hide || dropped.limits.length > 0;
}

const DENIED = { decision: 'deny', message: 'The policy cannot name the tool for sure.' } as const;

/** The tools that an export has to speak of: those of today, and those that the document names beside them. */
export function namedTools({ tools, hide }: PolicyDocument, today: readonly string[]): string[] {
  const hidden = (hide ?? []).filter((name) => name !== '*');
  return [...new Set([...today, ...Object.keys(tools ?? {}), ...hidden])];
}

/** Whether a decision lets any call through, asked about or not. */
export function isOpen({ decision }: Pick<StaticDecision, 'decision'>): boolean {
  return decision === 'allow' || decision === 'ask';
}

/** A loss in the words of `lossesOf`: the sentence, and the tools that it is about; none without tools. */
export function naming(loss: string, tools: readonly string[]): string[] {
  if (tools.length === 0) return [];
  return [`${loss}: ${tools.toSorted(compareText).map(plainName).join(', ')}.`];
}

function plainName(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? name : JSON.stringify(name);
}

/** The losses of one file: of several servers, each with the key of its server before it. */
export function jointLosses(parts: readonly { serverName: string; losses: readonly string[] }[]): string[] {
  const named = parts.flatMap(({ serverName, losses }) =>
    losses.map((loss) => (parts.length === 1 ? loss : `${plainName(serverName)}: ${loss}`)),
  );
  return named.sort(compareText);
}

/** All losses in the order in which they are given. */
export function sortedLosses(...losses: readonly (readonly string[])[]): string[] {
  return losses.flat().sort(compareText);
}
