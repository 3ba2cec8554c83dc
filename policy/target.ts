import type { PolicyDocument } from './contract.ts';

/** What an export gives: a file, and what the target could not say. */
interface ExportedPolicy {
  fileName: string;
  text: string;
  /** In plain words, one for each thing that was lost; the target errs to the stricter side. */
  losses: string[];
}

/** A place where a policy can be enforced, and how our document is written for it. */
export interface Target {
  id: string;
  title: string;
  summary: string;
  emit(document: PolicyDocument): ExportedPolicy;
}

export function defineTarget(target: Target): Target {
  return target;
}
