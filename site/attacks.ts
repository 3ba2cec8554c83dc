import type { RoleId } from '../classifier/combinations/roles.ts';
import type { Classification } from '../classifier/contract.ts';
import type { Access, Attack } from './attack.ts';
import { attacks } from './attacks/index.generated.ts';

/** What of a verdict decides which attacks its tool could serve. */
export type AccessHad = Pick<Classification, 'category' | 'destructive' | 'financial' | 'findings'>;

/**
 * The attack patterns that use the kind of access a tool has, the most specific first: by the best access that they
 * find, then by how many they find, then by id. Those that any tool serves come last. `parts` are those that the tool
 * can play in combinations, which take its name to tell.
 */
export function attacksFor(verdict: AccessHad, parts: readonly RoleId[] = []): readonly Attack[] {
  const signals = presentSignals(verdict);
  const { category, destructive, financial } = verdict;
  const key = [category, destructive, financial, ...signals, '', ...parts].join(' ');
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const found = findAttacks({ verdict, parts, signals });
  KNOWN.set(key, found);
  return found;
}

/** Thousands of tools have the same access: there are as many of these as ways to combine signals, and few are used. */
const KNOWN = new Map<string, readonly Attack[]>();

function findAttacks(had: Had): Attack[] {
  return attacks
    .flatMap((attack) => {
      const found = attack.access.filter((access) => isHad(access, had)).map(specificity);
      return found.length === 0 ? [] : [{ attack, best: Math.max(...found), many: found.length }];
    })
    .sort((a, b) => b.best - a.best || b.many - a.many || (a.attack.id < b.attack.id ? -1 : 1))
    .map(({ attack }) => attack);
}

/** Whether any tool serves the attack, whatever it does. */
export function needsNoAccess({ access }: Attack): boolean {
  return access.some((one) => conditionsOf(one) === 0);
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

interface Had {
  verdict: AccessHad;
  parts: readonly RoleId[];
  signals: ReadonlySet<string>;
}

function isHad(access: Access, { verdict, parts, signals }: Had): boolean {
  const { signal, without, effect, role, category } = access;
  if (signal !== undefined && !signals.has(signal)) return false;
  if (without !== undefined && signals.has(without)) return false;
  if (effect !== undefined && !verdict[effect]) return false;
  if (role !== undefined && !parts.includes(role)) return false;
  return category === undefined || verdict.category === category;
}

/** Weights are whole numbers; between equal ones an effect decides, because it makes the risk, and then how much is asked. */
function specificity(access: Access): number {
  return access.weight + (access.effect === undefined ? 0 : 0.5) + conditionsOf(access) / 10;
}

function conditionsOf({ weight: _, ...conditions }: Access): number {
  return Object.keys(conditions).length;
}
