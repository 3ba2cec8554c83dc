import { isObject } from '../crawler/json.ts';
import { headerValue } from './http-wire.ts';
import { MAX_MIRRORED_TOOLS } from './limits.ts';
import type { Message } from './message.ts';

/**
 * Arguments that a server wants repeated in headers (`x-mcp-header` in a tool's schema, 2026-07-28). The headers are
 * made from the call that was judged, and never from those that a client sent.
 */
export interface MirroredParams {
  /** Takes note of what a page of tools asks for. */
  observe(page: unknown): void;
  /** The headers of one message. */
  headersFor(message: Message): Record<string, string>;
}

interface Mirrored {
  path: string[];
  header: string;
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
const MAX_STEPS = 8;
const MAX_HEADERS = 50;

export function createMirroredParams(): MirroredParams {
  const tools = new Map<string, Mirrored[]>();
  return {
    observe(page) {
      if (!isObject(page) || !Array.isArray(page.tools)) return;
      for (const tool of page.tools) {
        if (!isObject(tool) || typeof tool.name !== 'string') continue;
        const found = mirroredIn(tool.inputSchema, []).slice(0, MAX_HEADERS);
        if (found.length === 0) tools.delete(tool.name);
        else if (tools.size < MAX_MIRRORED_TOOLS) tools.set(tool.name, found);
      }
    },
    headersFor(message) {
      if (tools.size === 0 || message.kind !== 'request' || message.method !== 'tools/call') return {};
      const { name, arguments: args } = message.params ?? {};
      const wanted = typeof name === 'string' ? (tools.get(name) ?? []) : [];
      return Object.fromEntries(
        wanted.flatMap(({ path, header }): [string, string][] => {
          const value = path.reduce<unknown>(
            (at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
            args,
          );
          const told = typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
          return told ? [[header, headerValue(String(value))]] : [];
        }),
      );
    },
  };
}

/** Properties with the mark that can be reached from the root of a schema by `properties` alone. */
function mirroredIn(schema: unknown, path: string[]): Mirrored[] {
  if (!isObject(schema) || !isObject(schema.properties) || path.length >= MAX_STEPS) return [];
  return Object.entries(schema.properties).flatMap(([key, inner]) => {
    const here = [...path, key];
    const mark = isObject(inner) ? inner['x-mcp-header'] : undefined;
    const own =
      typeof mark === 'string' && TOKEN.test(mark)
        ? [{ path: here, header: `mcp-param-${mark.toLowerCase()}` }]
        : [];
    return [...own, ...mirroredIn(inner, here)];
  });
}
