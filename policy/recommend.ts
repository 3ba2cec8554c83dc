import type { Classification, Evidence, Finding, RiskLevel } from '../classifier/contract.ts';
import { argumentOf, declaredArguments } from './arguments.ts';
import type { PolicyDocument, ToolRule } from './contract.ts';
import { compareText } from './order.ts';
import { escapeToken } from './pointer.ts';
import { addPiece, type Because, type BuiltRule, newRule, type Reason } from './reasons.ts';
import { APPROVAL, callsAMinute, SHAPES, type Shape, type ShapedTool, type Strictness } from './shapes.ts';

/** A tool as far as a policy needs to know it. */
export interface JudgedTool {
  name: string;
  classification: Classification;
  description?: string | undefined;
  /** Without it nothing is known of an argument but its name, and rules about arguments are the stricter. */
  inputSchema?: Record<string, unknown> | undefined;
}

export const PROFILES = ['read-only', 'recommended', 'strict'] as const;
export type Profile = (typeof PROFILES)[number];

export interface RecommendOptions {
  /**
   * `read-only` allows what only reads and has low risk, and hides the rest. `strict` asks for more approvals, allows
   * fewer calls, and leaves values to be filled in.
   */
  profile?: Profile;
  /** Whether signals shape the rules; without, a rule follows from the risk alone. `strict` is always shaped. */
  shaped?: boolean;
}

/** A tool as far as its recommended rule goes: what follows from the risk, and what its signals add to that. */
export interface ToolShape {
  name: string;
  risk: RiskLevel;
  /** As `shapeOf` gives it; left out where the signals add nothing. */
  shape?: ToolRule | undefined;
}

/** A document, and what each of its rules rests on. */
export interface Recommendation {
  document: PolicyDocument;
  reasons: Reason[];
}

/**
 * Calls a minute by risk, so that a signal which raises the risk tightens the rule. For a plain Read, Write and Execute
 * these are the published recommendations that the project started from. What is critical waits for a person.
 */
const CALLS_PER_MINUTE: Record<Strictness, Record<RiskLevel, number>> = {
  recommended: { low: Number.POSITIVE_INFINITY, medium: 30, high: 10, critical: Number.POSITIVE_INFINITY },
  strict: { low: 60, medium: 10, high: 3, critical: 3 },
};

const RISKS_TO_APPROVE: Record<Strictness, readonly RiskLevel[]> = {
  recommended: ['critical'],
  strict: ['high', 'critical'],
};

/** As many pieces of evidence as a finding keeps; where it has that many, there may be arguments that it does not name. */
const EVIDENCE_KEPT = 12;

/**
 * The policy that we recommend for a server: everything that is not named is denied, and every tool given is named,
 * in the order of their names. Where one name stands for several tools, the rules of all hold.
 */
export function recommend(tools: readonly JudgedTool[], options: RecommendOptions = {}): PolicyDocument {
  return recommendWithReasons(tools, options).document;
}

/** The same, with the findings that led to each rule. */
export function recommendWithReasons(
  tools: readonly JudgedTool[],
  { profile = 'recommended', shaped = true }: RecommendOptions = {},
): Recommendation {
  const byName = [...Map.groupBy(tools, ({ name }) => name)].sort(([a], [b]) => compareText(a, b));
  const built = byName.map(([name, same]) => ({ name, same, ...ruleOf(name, same, profile, shaped) }));
  if (profile === 'read-only') return readOnly(built);
  return {
    // Object.fromEntries defines `__proto__` as a plain key, which an assignment would not.
    document: {
      version: '1',
      default: 'deny',
      tools: Object.fromEntries(built.map(({ name, rule }) => [name, rule])),
    },
    reasons: built.flatMap(({ reasons }) => reasons),
  };
}

/** What a tool's signals add to the rule that follows from its risk; undefined where they add nothing. */
export function shapeOf(tool: JudgedTool): ToolRule | undefined {
  const { findings } = tool.classification;
  if (!findings.some(({ signal, outcome }) => outcome === 'present' && shapesFor(signal).length > 0))
    return undefined;
  const rule = newRule('', tool.name);
  for (const { rule: piece, because } of shapesOf(tool, 'recommended')) addPiece(rule, piece, because);
  const { require_approval: _, ...others } = rule.rule;
  // What waits for a person for its risk need not be told so again: with namesakes the risk is at least as high.
  const shape = RISKS_TO_APPROVE.recommended.includes(tool.classification.risk) ? others : rule.rule;
  return Object.keys(shape).length === 0 ? undefined : shape;
}

/**
 * The document that `recommend` gives under the profile `recommended`, for those who have the shapes of the tools and
 * not their definitions.
 */
export function recommendShaped(
  tools: readonly ToolShape[],
  { shaped = true }: Pick<RecommendOptions, 'shaped'> = {},
): PolicyDocument {
  const byName = [...Map.groupBy(tools, ({ name }) => name)].sort(([a], [b]) => compareText(a, b));
  const rules = byName.map(([name, same]): [string, ToolRule] => {
    const rule = newRule('', name);
    const riskiest = same.toSorted((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk))[0];
    if (riskiest !== undefined) addPiece(rule, baseRule(name, riskiest.risk, 'recommended'), []);
    for (const { shape } of shaped ? same : []) if (shape !== undefined) addPiece(rule, shape, []);
    return [name, rule.rule];
  });
  return { version: '1', default: 'deny', tools: Object.fromEntries(rules) };
}

type Built = { name: string; same: readonly JudgedTool[] } & BuiltRule;

function readOnly(built: readonly Built[]): Recommendation {
  const kept = built.filter(({ same, rule }) => rule.require_approval === undefined && same.every(onlyReads));
  const others = built.filter((each) => !kept.includes(each));
  // A tool called `*` would hide all of them; the default denies it.
  const hide = others.map(({ name }) => name).filter((name) => name !== '*');
  const document: PolicyDocument = {
    version: '1',
    default: 'deny',
    ...(hide.length > 0 && { hide }),
    tools: Object.fromEntries(kept.map(({ name, rule }) => [name, rule])),
  };
  const hidden = others.map(({ name, same }): Reason => {
    const pointer = name === '*' ? '/default' : `/hide/${hide.indexOf(name)}`;
    return {
      pointer,
      tool: name,
      because: same.flatMap(({ classification }) => becauseOfRisk(classification)),
    };
  });
  return { document, reasons: [...kept.flatMap(({ reasons }) => reasons), ...hidden] };
}

function onlyReads({ classification }: JudgedTool): boolean {
  return classification.category === 'Read' && classification.risk === 'low';
}

function ruleOf(name: string, same: readonly JudgedTool[], profile: Profile, shaped: boolean): BuiltRule {
  const strictness = profile === 'strict' ? 'strict' : 'recommended';
  const rule = newRule(`/tools/${escapeToken(name)}`, name);
  const riskiest = same.toSorted((a, b) => riskOf(b) - riskOf(a))[0];
  if (riskiest !== undefined) {
    const { classification } = riskiest;
    addPiece(rule, baseRule(name, classification.risk, strictness), becauseOfRisk(classification));
  }
  if (!shaped && profile !== 'strict') return rule;
  for (const tool of same) {
    for (const { rule: piece, because } of shapesOf(tool, strictness)) addPiece(rule, piece, because);
  }
  return rule;
}

const RISKS: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

function riskOf({ classification }: JudgedTool): number {
  return RISKS.indexOf(classification.risk);
}

/** The rule that follows from the risk alone. */
function baseRule(name: string, risk: RiskLevel, strictness: Strictness): ToolRule {
  const max = CALLS_PER_MINUTE[strictness][risk];
  return {
    ...(RISKS_TO_APPROVE[strictness].includes(risk) && APPROVAL),
    ...(Number.isFinite(max) && callsAMinute(name, max)),
  };
}

interface Piece {
  rule: ToolRule;
  because: Because[];
}

function shapesOf(tool: JudgedTool, strictness: Strictness): Piece[] {
  const { name, description = '', classification, inputSchema } = tool;
  const declared = inputSchema && declaredArguments(inputSchema);
  const shapedTool: ShapedTool = { name, description, risk: classification.risk };

  const shape = (finding: PresentFinding, { of, rule }: Shape): Piece[] => {
    const because = finding.evidence.map((evidence) => ({ signal: finding.signal, ...evidence }));
    if (of === 'tool') return [{ rule: rule(shapedTool, strictness), because }];
    if (of === 'every-argument') {
      const all = (declared ?? []).flatMap(({ argument }) => argument ?? []);
      return all.map((argument) => ({ rule: rule(argument, shapedTool, strictness), because }));
    }
    const pieces = because
      .filter(({ parameter }) => parameter !== undefined)
      .map((each): Piece => {
        const argument = argumentOf(each, declared);
        // What no path can name cannot be looked at, so a person looks at it.
        return { rule: argument ? rule(argument, shapedTool, strictness) : APPROVAL, because: [each] };
      });
    return because.length < EVIDENCE_KEPT ? pieces : [...pieces, { rule: APPROVAL, because }];
  };
  return classification.findings
    .filter((finding) => finding.outcome === 'present')
    .flatMap((finding) => shapesFor(finding.signal).flatMap((each) => shape(finding, each)));
}

type PresentFinding = Extract<Finding, { outcome: 'present' }>;

function shapesFor(signal: string): readonly Shape[] {
  return Object.hasOwn(SHAPES, signal) ? (SHAPES[signal] ?? []) : [];
}

function becauseOfRisk({ risk, rationale, evidence }: Classification): Because[] {
  const [first] = evidence;
  const why: Evidence = { ...first, note: rationale === '' ? first.note : rationale };
  return [{ signal: `${risk} risk`, ...why }];
}
