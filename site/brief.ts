import type { RoleId } from '../classifier/combinations/roles.ts';
import type { Category, RiskLevel } from '../classifier/contract.ts';
import type { ToolRule } from '../policy/contract.ts';
import type { ServerOutline, ToolOutline } from './contract.ts';

/**
 * A server as the tools of the site read it in the browser: what its recommended policy and its combinations are made
 * from. What is not said holds nothing.
 */
export interface ServerBrief {
  slug: string;
  id: string;
  label: string;
  /** Nobody has listed it yet. */
  unlisted?: true;
  /** What its definitions take of a model's context, estimated in tokens. */
  tokens: number;
  tools: ToolBrief[];
}

export interface ToolBrief {
  slug: string;
  name: string;
  category: Category;
  risk: RiskLevel;
  destructive?: true;
  financial?: true;
  signals?: string[];
  roles?: RoleId[];
  shape?: ToolRule;
}

/** What is left of an outline. */
export function briefOf({ slug, id, label, listedAt, tokens, tools }: ServerOutline): ServerBrief {
  return {
    slug,
    id,
    label,
    ...(listedAt === undefined && { unlisted: true }),
    tokens,
    tools: tools.map(briefOfTool),
  };
}

function briefOfTool(tool: ToolOutline): ToolBrief {
  const { slug, name, category, risk, destructive, financial, signals, roles, shape } = tool;
  return {
    slug,
    name,
    category,
    risk,
    ...(destructive && { destructive }),
    ...(financial && { financial }),
    ...(signals.length > 0 && { signals }),
    ...(roles && { roles }),
    ...(shape && { shape }),
  };
}
