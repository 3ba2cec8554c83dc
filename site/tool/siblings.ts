import type { ServerView, ToolView } from '../../catalogue/contract.ts';
import { MAX_SIBLINGS } from '../limits.ts';

/** The tools that stand beside one in its server's list: names that begin alike stand together, so these are the nearest. */
export function siblings({ tools }: ServerView, tool: ToolView): ToolView[] {
  const index = tools.indexOf(tool);
  const from = Math.max(0, Math.min(index - MAX_SIBLINGS / 2, tools.length - MAX_SIBLINGS - 1));
  return tools.slice(from, from + MAX_SIBLINGS + 1).filter((one) => one !== tool);
}
