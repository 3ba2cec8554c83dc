import type { PolicyDocument } from '../policy/contract.ts';
import type { ExportContext, ExportedPolicy, ServerPolicy, Target } from '../policy/target.ts';
import { visibleJson } from './visible.ts';

/** Writes a document for a target. In JSON, what is not plainly visible is written as its escape. */
export function exportPolicy(
  document: PolicyDocument,
  target: Target,
  context: ExportContext,
): ExportedPolicy {
  return shown(target.emit(document, context));
}

/** Writes the policies of several servers into one file; undefined where a file of the target holds one server. */
export function joinPolicies(policies: readonly ServerPolicy[], target: Target): ExportedPolicy | undefined {
  return target.join && shown(target.join(policies));
}

/** Whether signals shape the policy that is recommended for a target. */
export function isShaped(target: Target): boolean {
  return target.recommendation !== 'by-risk';
}

function shown({ fileName, text, losses }: ExportedPolicy): ExportedPolicy {
  return { fileName, text: fileName.endsWith('.json') ? visibleJson(text) : text, losses };
}
