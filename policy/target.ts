import type { PolicyDocument } from './contract.ts';

/** How far a target can say something: wholly, in some cases, or not at all. */
type Ability = 'yes' | 'partly' | 'no';

/** What a policy may ask of the place where it is enforced. */
export interface Abilities {
  allow: Ability;
  /** A person is asked before the call. */
  ask: Ability;
  deny: Ability;
  /** The tool is taken out of the list. */
  hide: Ability;
  /** Conditions on arguments. */
  arguments: Ability;
  /** How often. */
  limits: Ability;
}

/** What an export needs to know beside the document. */
export interface ExportContext {
  /** The key by which the user's own configuration knows the server. */
  serverName: string;
  /** The tools that the server has today, by exact name; every one has a decision in the document. */
  tools: readonly string[];
}

/** A policy, and the server that it is for. */
export interface ServerPolicy {
  document: PolicyDocument;
  context: ExportContext;
}

/** What an export gives: a file, and what the target could not say. */
export interface ExportedPolicy {
  /** As it is called where it belongs, e.g. `settings.json`. */
  fileName: string;
  /** In JSON, whoever prints it escapes hidden characters; in any other format the target does. */
  text: string;
  /** In plain words, one for each thing that was lost, sorted; the target errs to the stricter side. */
  losses: string[];
}

/** A place where a policy can be enforced, and how our document is written for it. */
export interface Target {
  /** Equals the name of the target's file. */
  id: string;
  title: string;
  summary: string;
  abilities: Abilities;
  /** What happens to a tool that the server adds tomorrow. No target may let it pass unasked. */
  newTools: 'denied' | 'hidden' | 'asked';
  /** Where the text belongs and how it gets there, in one or two sentences. */
  usage: string;
  /**
   * `by-risk`: under the profile `recommended` the rules follow from the risk alone, as they are published for it.
   * Otherwise, and under every other profile, signals shape them.
   */
  recommendation?: 'by-risk';
  emit(document: PolicyDocument, context: ExportContext): ExportedPolicy;
  /**
   * The policies of several servers in one file, for a target whose file holds several; what is lost of one server
   * begins with its key. Keys must differ.
   */
  join?(policies: readonly ServerPolicy[]): ExportedPolicy;
}

/** Gives a target its type. */
export function defineTarget(target: Target): Target {
  return target;
}

/** Gives a target its type whose file holds any number of servers: what it writes for one is a file of one. */
export function defineJointTarget(
  target: Omit<Target, 'emit' | 'join'> & Required<Pick<Target, 'join'>>,
): Target {
  return { ...target, emit: (document, context) => target.join([{ document, context }]) };
}
