import { abilitiesOf, type RoleId, roles } from './combinations/roles.ts';
import { type Pattern, patterns } from './combinations/table.ts';
import type { Classification, Combination, RiskLevel, ToolReference } from './contract.ts';

/** A tool among those that an agent has at once. */
export interface CombinedTool extends ToolReference {
  classification: Classification;
}

/** The same with the parts that it can play, for those who know these and not the whole verdict. */
export interface CastTool extends ToolReference {
  risk: RiskLevel;
  roles: readonly RoleId[];
}

/** The parts that a tool can play in combinations, in the order of the table of roles. */
export function rolesOf(tool: string, classification: Classification): RoleId[] {
  const abilities = abilitiesOf(tool, classification);
  return roles.filter((role) => role.fills(abilities)).map(({ id }) => id);
}

/**
 * What the tools of one agent can do together that a stranger could turn against its user, in the order of the table
 * of patterns. A combination takes two different tools: what one alone can do is in that tool's own verdict.
 * In each part the riskiest tools come first, then by server and name.
 */
export function findCombinations(tools: readonly CombinedTool[]): Combination[] {
  return combineCast(
    tools.map(({ server, tool, classification }) => ({
      server,
      tool,
      risk: classification.risk,
      roles: rolesOf(tool, classification),
    })),
  );
}

/** The same as `findCombinations`, of tools whose parts are known already. */
export function combineCast(tools: readonly CastTool[]): Combination[] {
  const sorted = tools.toSorted(
    (a, b) => RISK_RANK[a.risk] - RISK_RANK[b.risk] || compare(a.server, b.server) || compare(a.tool, b.tool),
  );
  const cast = new Map(roles.map(({ id }) => [id, [] as ToolReference[]]));
  for (const { server, tool, roles: parts } of sorted) {
    for (const part of parts) cast.get(part)?.push({ server, tool });
  }
  return patterns.flatMap((pattern) => combine(pattern, cast) ?? []);
}

const RISK_RANK: Readonly<Record<RiskLevel, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

const WORDS = new Map(roles.map(({ id, words }) => [id, words]));

function combine(
  { id, title, why, roles: needed }: Pattern,
  cast: ReadonlyMap<string, readonly ToolReference[]>,
): Combination | undefined {
  const parts = needed.map((role) => ({
    role: WORDS.get(role) ?? role,
    tools: distinct(cast.get(role) ?? []),
  }));
  if (parts.some(({ tools }) => tools.length === 0)) return undefined;
  const [first, ...others] = parts.flatMap(({ tools }) => tools.map(keyOf));
  if (others.every((key) => key === first)) return undefined;
  return { id, title, why, acrossServers: !isWithinOne(parts), parts };
}

/** Whether one server alone has a tool for every part. */
function isWithinOne(parts: Combination['parts']): boolean {
  const [first, ...rest] = parts.map(({ tools }) => new Set(tools.map(({ server }) => server)));
  return [...(first ?? [])].some((server) => rest.every((servers) => servers.has(server)));
}

/** Tools of one name on one server are one tool to a client. */
function distinct(tools: readonly ToolReference[]): ToolReference[] {
  return [...new Map(tools.map((tool) => [keyOf(tool), tool])).values()];
}

/** The tools that play every part, and so need no other. */
export function aloneIn({ parts }: Combination): ToolReference[] {
  const [first, ...rest] = parts;
  const others = rest.map(({ tools }) => new Set(tools.map(keyOf)));
  return (first?.tools ?? []).filter((tool) => others.every((keys) => keys.has(keyOf(tool))));
}

function keyOf({ server, tool }: ToolReference): string {
  return JSON.stringify([server, tool]);
}

/** By code units, so that the order is the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
