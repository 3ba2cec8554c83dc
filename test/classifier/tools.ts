import { classifyTool } from '../../classifier/classify.ts';
import type { Classification, PresentFinding } from '../../classifier/contract.ts';
import type { ToolDefinition } from '../../crawler/contract.ts';
import { readTool } from '../../crawler/definition.ts';

/** The definition that a server's wire form gives; throws when it gives none. */
export function define(wire: unknown): ToolDefinition {
  const read = readTool(wire, 0);
  if (!read.ok) throw new Error(`not a tool: ${read.rejected.reason}`);
  return read.tool;
}

export function classify(wire: object): Classification {
  return classifyTool(define(wire));
}

/** A tool with a name and a description only. */
export function said(name: string, description?: string): Classification {
  return classify(description === undefined ? { name } : { name, description });
}

export function present(classification: Classification): PresentFinding[] {
  return classification.findings.filter((finding) => finding.outcome === 'present');
}

export function ids(classification: Classification): string[] {
  return present(classification).map((finding) => finding.signal);
}

/** An input schema with one string parameter for each name. */
export function takes(...names: string[]): Record<string, unknown> {
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
}
