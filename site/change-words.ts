import type { ToolChange } from '../catalogue/contract.ts';
import { capitalised } from './words.ts';

/** What happened to a tool, to stand after its name. */
export const CHANGE_WORDS: Record<ToolChange['kind'], string> = {
  appeared: 'appeared',
  changed: 'changed',
  vanished: 'vanished',
  returned: 'returned',
  're-judged': 'was judged again',
};

/** What became of the risk: `High risk, medium before`; undefined where nobody judged the tool. */
export function riskStep({ before, after }: Pick<ToolChange, 'before' | 'after'>): string | undefined {
  const [was, is] = [before?.verdict?.risk, after?.verdict?.risk];
  if (is === undefined) return was && `${capitalised(was)} risk at last`;
  return was === undefined || was === is
    ? `${capitalised(is)} risk`
    : `${capitalised(is)} risk, ${was} before`;
}
