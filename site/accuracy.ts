import type { Share } from '../classifier/accuracy/contract.ts';

const MEASURED: ReadonlyMap<string, Share> = new Map();

/**
 * How often a signal was right where it fired on labelled tools, with its 95 % interval; undefined where no label can
 * tell, which a page says as "not measured".
 */
export function precisionOf(signal: string): Share | undefined {
  return MEASURED.get(signal);
}
