import type { Category, RiskLevel } from '../../classifier/contract.ts';
import { comparePolicies } from '../../policy/compare.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { compareText } from '../../policy/order.ts';
import { recommendShaped } from '../../policy/recommend.ts';
import type { ServerBrief } from '../brief.ts';
import { ruleWords } from '../builder/rule-words.ts';
import type { ServerTwin } from '../published.ts';
import { CATEGORIES, RISKS } from '../words.ts';

/** A server as its files have it. */
export interface ComparedServer {
  twin: ServerTwin;
  brief: ServerBrief;
}

/** Two numbers beside each other. */
export interface Pair {
  a: number;
  b: number;
}

type TwinTool = ServerTwin['tools'][number];

/** A name that both servers have, with the verdict and the recommended rule of each. */
export interface SharedTool {
  name: string;
  a: TwinTool;
  b: TwinTool;
  /** Whether the two verdicts say the same: category, risk and effects. */
  same: boolean;
  policy: {
    a: string;
    b: string;
    /** How the rule of b is beside that of a; `same` where they say the same. */
    direction: 'same' | 'looser' | 'stricter' | 'changed';
  };
}

export interface Comparison {
  tools: Pair;
  /** Their different names: a client takes tools of one name for one. */
  names: Pair;
  tokens: Pair;
  risks: ({ risk: RiskLevel } & Pair)[];
  categories: ({ category: Category } & Pair)[];
  destructive: Pair;
  financial: Pair;
  /** How many tools have each signal that one of the two has, the most first. */
  signals: ({ id: string } & Pair)[];
  combinations: { id: string; title: string; a: boolean; b: boolean }[];
  /** Those whose verdicts differ first, then by name. */
  shared: SharedTool[];
  /** The riskiest first. */
  onlyA: TwinTool[];
  onlyB: TwinTool[];
}

/** What is alike in two servers and what is not. Of tools that share a name on one server, the riskiest counts. */
export function compareServers(a: ComparedServer, b: ComparedServer): Comparison {
  const [toolsA, toolsB] = [byName(a.twin), byName(b.twin)];
  const both = <T>(of: (server: ServerTwin) => T) => ({ a: of(a.twin), b: of(b.twin) });
  return {
    tools: both(({ counts }) => counts.tools),
    names: { a: toolsA.size, b: toolsB.size },
    tokens: both(({ contextCost }) => contextCost.tokens),
    risks: RISKS.map((risk) => ({ risk, ...both(({ counts }) => counts.risks[risk]) })),
    categories: CATEGORIES.map((category) => ({
      category,
      ...both(({ counts }) => counts.categories[category]),
    })),
    destructive: both(({ counts }) => counts.destructive),
    financial: both(({ counts }) => counts.financial),
    signals: signalsOf(a.twin, b.twin),
    combinations: combinationsOf(a.twin, b.twin),
    shared: sharedTools(toolsA, toolsB, policyOf(a), policyOf(b)),
    onlyA: without(toolsA, toolsB),
    onlyB: without(toolsB, toolsA),
  };
}

function byName({ tools }: ServerTwin): Map<string, TwinTool> {
  return new Map(tools.toSorted((x, y) => rank(y) - rank(x)).map((tool) => [tool.name, tool]));
}

function rank({ risk }: TwinTool): number {
  return RISKS.indexOf(risk);
}

function without(own: ReadonlyMap<string, TwinTool>, other: ReadonlyMap<string, TwinTool>): TwinTool[] {
  return [...own.values()]
    .filter(({ name }) => !other.has(name))
    .sort((x, y) => rank(x) - rank(y) || compareText(x.name, y.name));
}

function policyOf({ brief }: ComparedServer): PolicyDocument {
  return recommendShaped(brief.tools);
}

function sharedTools(
  toolsA: ReadonlyMap<string, TwinTool>,
  toolsB: ReadonlyMap<string, TwinTool>,
  policyA: PolicyDocument,
  policyB: PolicyDocument,
): SharedTool[] {
  const directions = new Map(
    comparePolicies(policyA, policyB).map(({ tool, direction }) => [tool, direction]),
  );
  const shared = [...toolsA.values()].flatMap((a): SharedTool[] => {
    const b = toolsB.get(a.name);
    if (b === undefined) return [];
    const policy: SharedTool['policy'] = {
      a: ruleWords(policyA, a.name),
      b: ruleWords(policyB, a.name),
      direction: directions.get(a.name) ?? 'same',
    };
    return [{ name: a.name, a, b, same: verdict(a) === verdict(b), policy }];
  });
  return shared.sort((x, y) => Number(x.same) - Number(y.same) || compareText(x.name, y.name));
}

function verdict({ category, risk, destructive, financial }: TwinTool): string {
  return JSON.stringify([category, risk, destructive, financial]);
}

function signalsOf(a: ServerTwin, b: ServerTwin): Comparison['signals'] {
  const counts = new Map<string, Pair>();
  for (const [side, { tools }] of [['a', a] as const, ['b', b] as const]) {
    for (const id of tools.flatMap(({ signals }) => signals)) {
      const pair = counts.get(id) ?? { a: 0, b: 0 };
      counts.set(id, pair);
      pair[side]++;
    }
  }
  return [...counts]
    .map(([id, pair]) => ({ id, ...pair }))
    .sort((x, y) => y.a + y.b - (x.a + x.b) || compareText(x.id, y.id));
}

function combinationsOf(a: ServerTwin, b: ServerTwin): Comparison['combinations'] {
  const has = ({ combinations }: ServerTwin, id: string) => combinations.some((each) => each.id === id);
  const titles = new Map([...a.combinations, ...b.combinations].map(({ id, title }) => [id, title]));
  return [...titles].map(([id, title]) => ({ id, title, a: has(a, id), b: has(b, id) }));
}
