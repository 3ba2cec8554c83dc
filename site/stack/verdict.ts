import { combineCast } from '../../classifier/combinations.ts';
import type { Combination, RiskLevel } from '../../classifier/contract.ts';
import { recommendShaped } from '../../policy/recommend.ts';
import type { ExportedPolicy, ServerPolicy, Target } from '../../policy/target.ts';
import type { ServerBrief, ToolBrief } from '../brief.ts';
import type { RiskCounts } from '../contract.ts';
import { exportPolicy, isShaped, joinPolicies } from '../policy-export.ts';
import { RISKS } from '../words.ts';

/** A server of the stack that the catalogue knows, by the key of the configuration. */
export interface KnownServer {
  key: string;
  brief: ServerBrief;
}

/** A tool of the stack, and the server that has it. */
export interface StackTool {
  key: string;
  server: ServerBrief;
  tool: ToolBrief;
}

/** What a stack can do. */
export interface StackVerdict {
  /** The riskiest first. */
  tools: StackTool[];
  risks: RiskCounts;
  /** What the definitions take of a model's context, estimated in tokens. */
  tokens: number;
  /** Those that no server has alone first. */
  combinations: Combination[];
}

/** Adds up the servers of a stack. */
export function verdictOf(servers: readonly KnownServer[]): StackVerdict {
  const tools = servers
    .flatMap(({ key, brief }) => brief.tools.map((tool): StackTool => ({ key, server: brief, tool })))
    .sort((a, b) => rank(a) - rank(b));
  const risks = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const { tool } of tools) risks[tool.risk]++;
  const combinations = combineCast(
    tools.map(({ key, tool }) => ({
      server: key,
      tool: tool.name,
      risk: tool.risk,
      roles: tool.roles ?? [],
    })),
  );
  return {
    tools,
    risks,
    tokens: servers.reduce((sum, { brief }) => sum + brief.tokens, 0),
    combinations: combinations.sort((a, b) => Number(b.acrossServers) - Number(a.acrossServers)),
  };
}

function rank({ tool }: StackTool): number {
  const level: readonly RiskLevel[] = RISKS;
  const effects = Number(tool.destructive ?? false) + Number(tool.financial ?? false);
  return level.indexOf(tool.risk) * 4 - effects;
}

/** A file to save, and the server that it is for; without one, it is for all. */
export interface StackExport extends ExportedPolicy {
  key?: string;
}

/**
 * The recommended policies of the servers for one target: one file for all where the target's file holds several, else
 * a file for each. The texts are those of `catalogue export`.
 */
export function stackExports(servers: readonly KnownServer[], target: Target): StackExport[] {
  const policies = servers.map(({ key, brief }): ServerPolicy => {
    const document = recommendShaped(brief.tools, { shaped: isShaped(target) });
    return { document, context: { serverName: key, tools: brief.tools.map(({ name }) => name) } };
  });
  const joint = policies.length > 0 ? joinPolicies(policies, target) : undefined;
  if (joint !== undefined) return [joint];
  return policies.map(({ document, context }) => ({
    key: context.serverName,
    ...exportPolicy(document, target, context),
  }));
}
