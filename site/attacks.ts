import type { Classification } from '../classifier/contract.ts';
import type { Access, Attack } from './attack.ts';
import { attacks } from './attacks/index.generated.ts';

/** What of a verdict decides which attacks its tool could serve. */
export type AccessHad = Pick<Classification, 'category' | 'destructive' | 'financial' | 'findings'>;

/**
 * The attack patterns that use the kind of access a tool has, the most specific first: by the weight of the best
 * access that they find, then by how many of their accesses they find, then by id.
 */
export function attacksFor(verdict: AccessHad): Attack[] {
  const signals = presentSignals(verdict);
  return attacks
    .flatMap((attack) => {
      const found = attack.access.filter((access) => isHad(access, verdict, signals));
      const best = Math.max(0, ...found.map(({ weight }) => weight));
      return best === 0 ? [] : [{ attack, best, many: found.length }];
    })
    .sort((a, b) => b.best - a.best || b.many - a.many || (a.attack.id < b.attack.id ? -1 : 1))
    .map(({ attack }) => attack);
}

/** The attack patterns that name a signal, those that are about it first. */
export function attacksBySignal(signal: string): Attack[] {
  const weightOf = ({ access }: Attack) =>
    Math.max(0, ...access.filter((one) => one.signal === signal).map(({ weight }) => weight));
  return attacks.filter((attack) => weightOf(attack) > 0).toSorted((a, b) => weightOf(b) - weightOf(a));
}

function presentSignals({ findings }: AccessHad): Set<string> {
  return new Set(findings.filter(({ outcome }) => outcome === 'present').map(({ signal }) => signal));
}

function isHad(access: Access, verdict: AccessHad, signals: ReadonlySet<string>): boolean {
  const { signal, without, effect, category } = access;
  if (signal !== undefined && !signals.has(signal)) return false;
  if (without !== undefined && signals.has(without)) return false;
  if (effect !== undefined && !verdict[effect]) return false;
  return category === undefined || verdict.category === category;
}
