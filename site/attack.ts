import type { RoleId } from '../classifier/combinations/roles.ts';
import type { Category, Effect } from '../classifier/contract.ts';
import type { PolicyDocument } from '../policy/contract.ts';

/** Where a pattern is described or was carried out. */
export interface AttackSource {
  title: string;
  publisher: string;
  /** Of publication or of the edition; of an entry that is kept up to date, the year in which it first stood there. */
  year: number;
  /** An https address. */
  address: string;
}

/** A kind of access that serves an attack. All that is named must hold of a tool; nothing named holds of every tool. */
export interface Access {
  /** A signal that is present. */
  signal?: string;
  /** A signal that is not. */
  without?: string;
  effect?: Effect;
  /** A part that the tool can play in a combination. */
  role?: RoleId;
  category?: Category;
  /** 3: the attack is about this very access. 2: the access serves it. 1: so does nearly any other. */
  weight: 1 | 2 | 3;
}

/**
 * A way in which tools are turned against those who use them. Texts are in our own words; what stands between
 * backticks is code.
 */
export interface Attack {
  /** The name of its file. */
  id: string;
  title: string;
  /** What happens, in one sentence. */
  summary: string;
  /** How it works, a paragraph each. */
  how: readonly string[];
  /** What has to be there for it, in a sentence. */
  needs: string;
  access: readonly Access[];
  /** The combinations of tools by which the classifier knows it. */
  combinations: readonly string[];
  /** One case, step by step. */
  example: readonly string[];
  /** What gives it away, in a definition or in the calls. */
  signs: readonly string[];
  /** What stands in front of it: a policy for the tools of the example, and what it does. */
  rule: { words: string; policy: PolicyDocument };
  /** What is tried and does not stop it, with the reason. */
  vain: readonly string[];
  sources: readonly [AttackSource, AttackSource, ...AttackSource[]];
}

/** Gives an attack pattern its type. */
export function defineAttack(attack: Attack): Attack {
  return attack;
}
