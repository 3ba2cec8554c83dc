import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ToolDefinition } from '../crawler/contract.ts';
import { readTool } from '../crawler/definition.ts';
import { isObject } from '../crawler/json.ts';
import { readTextLines } from '../crawler/text-lines.ts';

/** What one line of input held: its tools, and what could not be read, in words. */
export interface DefinitionLine {
  /** From 1. */
  number: number;
  tools: { server: string | null; tool: ToolDefinition }[];
  faults: string[];
}

/** What tells a line's server; beside a definition these are not part of what the server sent. */
const Envelope = z.object({
  server: z.string().optional().catch(undefined),
  serverName: z.string().optional().catch(undefined),
  package: z.string().optional().catch(undefined),
});
const ENVELOPE_KEYS = ['server', 'serverName', 'package', 'origin'];

/** Reads JSONL in which each line is a tool definition or a capture of a whole list. Empty lines are passed over. */
export async function* readDefinitions(input: Readable): AsyncGenerator<DefinitionLine> {
  let number = 0;
  for await (const text of readTextLines(input)) {
    number++;
    if (text.trim() !== '') yield readLine(number === 1 ? text.replace(/^\ufeff/, '') : text, number);
  }
}

function readLine(text: string, number: number): DefinitionLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { number, tools: [], faults: [`is not JSON: ${(error as Error).message}`] };
  }
  if (!isObject(json)) return { number, tools: [], faults: ['is not a JSON object'] };
  const envelope = Envelope.parse(json);
  const server = envelope.server ?? envelope.package ?? envelope.serverName ?? null;
  const isCapture = Array.isArray(json.tools);
  const wires: readonly unknown[] = Array.isArray(json.tools) ? json.tools : [withoutEnvelope(json)];

  const line: DefinitionLine = { number, tools: [], faults: [] };
  for (const [position, wire] of wires.entries()) {
    const read = readTool(wire, position);
    const place = isCapture ? `tool ${position + 1} ` : '';
    if (!read.ok) {
      line.faults.push(`${place}${read.rejected.reason}`);
      continue;
    }
    line.faults.push(...read.problems.map((problem) => `${place}${problem}; it is judged without`));
    line.tools.push({ server, tool: read.tool });
  }
  return line;
}

function withoutEnvelope(json: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !ENVELOPE_KEYS.includes(key)));
}
