import { canonicalHash } from './canonical.ts';
import { type RejectedTool, ToolAnnotations, type ToolDefinition } from './contract.ts';
import { isObject } from './json.ts';
import { MAX_QUOTE_CHARS, MAX_TOOL_CHARS, MAX_TOOL_DEPTH } from './limits.ts';
import { clip } from './text.ts';

/**
 * A tool as it could be read, with what had to be left out; or why it could not be. `tooLarge` marks a tool that only
 * our own bounds keep out.
 */
export type ReadTool =
  | { ok: true; tool: ToolDefinition; problems: string[] }
  | { ok: false; rejected: RejectedTool; tooLarge: boolean };

/**
 * Reads one entry of `tools/list`. An entry is a tool when it is an object with a string `name`, however odd; a
 * field of the wrong type is left out and named in `problems`, while `wire` keeps what came.
 */
export function readTool(wire: unknown, position: number): ReadTool {
  if (!isObject(wire)) return reject(position, `is ${describe(wire)}, not an object`);
  const label = typeof wire.name === 'string' ? wire.name : undefined;
  if (label === undefined) return reject(position, `has ${describe(wire.name)} as its name`);
  if (nestedDeeperThan(wire, MAX_TOOL_DEPTH)) {
    return refuse(position, label, `is nested deeper than ${MAX_TOOL_DEPTH} levels`);
  }
  if (JSON.stringify(wire).length > MAX_TOOL_CHARS) {
    return refuse(position, label, `is longer than ${MAX_TOOL_CHARS} characters`);
  }

  return { ok: true, ...readFields(wire, label, position, canonicalHash(wire)) };
}

/**
 * Reads a tool again that `readTool` has read, from its `wire` and its `hash`; without measuring and hashing it anew,
 * which takes longer than all the rest. Throws where it is no tool.
 */
export function rereadTool(wire: unknown, position: number, hash: string): ToolDefinition {
  if (!isObject(wire) || typeof wire.name !== 'string') throw new Error(`${describe(wire)} is not a tool`);
  return readFields(wire, wire.name, position, hash).tool;
}

function readFields(
  wire: Record<string, unknown>,
  name: string,
  position: number,
  hash: string,
): { tool: ToolDefinition; problems: string[] } {
  const problems: string[] = [];
  const text = (key: string) => {
    const value = wire[key];
    if (typeof value === 'string') return value;
    if (value !== undefined && value !== null) problems.push(`${key} is ${describe(value)}, not a string`);
    return undefined;
  };
  const object = (key: string) => {
    const value = wire[key];
    if (isObject(value)) return value;
    if (value !== undefined && value !== null) problems.push(`${key} is ${describe(value)}, not an object`);
    return undefined;
  };

  const title = text('title');
  const description = text('description');
  const inputSchema = object('inputSchema');
  const outputSchema = object('outputSchema');
  const annotations = object('annotations');
  const tool: ToolDefinition = {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema: inputSchema ?? {},
    ...(outputSchema && { outputSchema }),
    ...(annotations && { annotations: ToolAnnotations.parse(annotations) }),
    position,
    hash,
    wire,
  };
  return { tool, problems };
}

function reject(position: number, reason: string): ReadTool {
  return { ok: false, rejected: { position, reason }, tooLarge: false };
}

function refuse(position: number, name: string, reason: string): ReadTool {
  return { ok: false, rejected: { position, label: clip(name, MAX_QUOTE_CHARS), reason }, tooLarge: true };
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Walks level by level, because a recursive walk is what a deep definition attacks. */
export function nestedDeeperThan(root: object, levels: number): boolean {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    const next: object[] = [];
    for (const value of level) {
      for (const child of Object.values(value)) {
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}
