import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { JudgedScan } from '../catalogue/pipeline.ts';
import { classifyTools } from '../classifier/classify.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { readTool } from '../crawler/definition.ts';

/** Real definitions, multiplied to as many distinct tools as are asked for and dealt to servers. */

const WORDS = 'invoice warehouse ticket sensor contract parcel lesson recipe vessel studio'.split(' ');

/** The definitions of a file with one JSON object a line, as texts: so they take the least memory. */
export async function readDefinitions(path: string): Promise<string[]> {
  const wires: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line !== '') wires.push(line);
  }
  return wires;
}

/**
 * The scans of `serverCount` servers that have `toolCount` tools between them, one server after the other: the real
 * definitions again and again, each time with another sentence at the end of the description. `observedAt` is ISO 8601.
 */
export function* scansOf(
  wires: readonly string[],
  { serverCount, toolCount, observedAt }: { serverCount: number; toolCount: number; observedAt: string },
): Generator<JudgedScan> {
  let next = 0;
  for (let server = 0; server < serverCount; server++) {
    const end = Math.round(((server + 1) * toolCount) / serverCount);
    const tools: ToolDefinition[] = [];
    for (; next < end; next++) {
      const read = readTool(variant(wires, next), tools.length);
      if (!read.ok) throw new Error(`definition ${next} ${read.rejected.reason}`);
      tools.push(read.tool);
    }
    yield scanOf(server, tools, observedAt);
  }
}

function variant(wires: readonly string[], index: number): Record<string, unknown> {
  const wire = JSON.parse(wires[index % wires.length] ?? '{}');
  const round = Math.floor(index / wires.length);
  if (round === 0) return wire;
  const description = `${wire.description ?? ''} For each ${WORDS[round % WORDS.length]} of group ${round}.`;
  return { ...wire, description };
}

function scanOf(server: number, tools: ToolDefinition[], observedAt: string): JudgedScan {
  const name = `@group-${server % 100}/server-${server}`;
  const args = ['-y', name];
  return {
    crawl: {
      target: {
        id: `npm:${name}`,
        label: name,
        transport: { kind: 'stdio', command: 'npx', args, envNames: [] },
        origin: { source: 'npm', ref: `npm:${name}` },
      },
      observedAt,
      durationMs: 200 + (server % 100),
      context: { args, envNames: [], clientCapabilities: {}, protocolVersion: '2025-11-25' },
      status: 'complete',
      provenance: 'observed',
      serverInfo: { name, version: `1.${server % 10}.0` },
      instructions: `Tools of ${name}. Ask before anything is changed.`,
      tools,
      rejected: [],
      warnings: [],
    },
    classifications: classifyTools(tools),
  };
}
