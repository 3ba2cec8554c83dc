import type { Readable } from 'node:stream';
import { z } from 'zod';
import { isObject } from '../crawler/json.ts';
import { readTextLines } from '../crawler/text-lines.ts';
import { readJson } from '../policy/json-text.ts';
import type { SimulatedCall } from '../policy/simulate.ts';

/** A line of a file of calls. */
const CallLine = z.strictObject({
  tool: z.string(),
  args: z.custom<Record<string, unknown>>(isObject, 'must be an object').default({}),
  /** ISO 8601; left out, the time of the call before. */
  at: z.iso.datetime({ offset: true }).optional(),
  grant: z.string().default('grant'),
  session: z.string().default('session'),
  server: z.string().default('server'),
  /** A person has approved this call. */
  approved: z.boolean().default(false),
  expect: z.enum(['allow', 'ask', 'deny']).optional(),
});

export type ReadCall =
  | { number: number; ok: true; call: SimulatedCall; expect: 'allow' | 'ask' | 'deny' | undefined }
  | { number: number; ok: false; fault: string };

/** Reads JSONL of calls to be tried out, in the order of their times. Empty lines are passed over. */
export async function* readCalls(input: Readable): AsyncGenerator<ReadCall> {
  let number = 0;
  let at = 0;
  for await (const line of readTextLines(input)) {
    number++;
    if (line.trim() === '') continue;
    const read = readCall(line, at);
    if (typeof read === 'string') yield { number, ok: false, fault: read };
    else {
      at = read.call.at;
      yield { number, ok: true, ...read };
    }
  }
}

function readCall(line: string, before: number) {
  const json = readJson(line);
  if (!json.ok) return `${json.fault.message}. ${json.fault.remedy}`;
  const parsed = CallLine.safeParse(json.value);
  if (!parsed.success) {
    return parsed.error.issues
      .map((issue) =>
        issue.code === 'unrecognized_keys'
          ? `has the key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}, which means nothing here`
          : `${issue.path.join('.') || 'the line'}: ${issue.message}`,
      )
      .join('; ');
  }
  const { tool, args, grant, session, server, approved, expect } = parsed.data;
  const at = parsed.data.at === undefined ? before : Date.parse(parsed.data.at);
  if (at < before) return 'is earlier than the call before it. Write calls in the order of their times.';
  return { call: { tool, args, at, approved, caller: { grant, session, server } }, expect };
}
