import { PolicyDocument } from './contract.ts';
import { escapeToken } from './pointer.ts';

/** A document, or everything that is wrong with it: a JSON pointer and a remedy for each fault. */
export type ParsedPolicy =
  | { ok: true; document: PolicyDocument }
  | { ok: false; faults: { pointer: string; message: string }[] };

/** Reads the text of a policy document. Never throws on what the text holds. */
export function parsePolicy(text: string): ParsedPolicy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, faults: [{ pointer: '', message: `is not JSON: ${(error as Error).message}` }] };
  }
  const result = PolicyDocument.safeParse(json);
  if (result.success) return { ok: true, document: result.data };
  const faults = result.error.issues.map((issue) => ({
    pointer: issue.path.map((token) => `/${escapeToken(String(token))}`).join(''),
    message: issue.message,
  }));
  return { ok: false, faults };
}
