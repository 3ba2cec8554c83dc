import { z } from 'zod';
import { isObject } from './json.ts';

/** The entries of client configurations, in the spellings of the common clients. */

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Values = z
  .record(z.string(), Scalar)
  .nullish()
  .transform((values) => values ?? {});

/** Zed once had the command as an object of its own. */
function flatCommand(value: unknown): unknown {
  if (!isObject(value) || !isObject(value.command)) return value;
  const { path, args, env } = value.command;
  return { args, env, ...value, command: path };
}

/** A server in the map of a client configuration, in the spellings of the common clients. */
const Entry = z
  .preprocess(
    flatCommand,
    z.object({
      command: z.string().min(1).optional(),
      args: z
        .array(Scalar)
        .nullish()
        .transform((args) => args ?? []),
      env: Values,
      cwd: z.string().optional(),
      /** Claude, Cursor, VS Code, Zed, Codex; of Gemini CLI the older transport. */
      url: z.string().optional(),
      /** Windsurf. */
      serverUrl: z.string().optional(),
      /** Gemini CLI. */
      httpUrl: z.string().optional(),
      headers: Values,
      disabled: z.boolean().optional(),
      enabled: z.boolean().optional(),
      /** Codex: names of variables to pass on, and headers whose values are in variables. */
      env_vars: z
        .array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]))
        .default([]),
      http_headers: Values,
      env_http_headers: Values,
      bearer_token_env_var: z.string().optional(),
    }),
  )
  .transform(({ command, args, cwd, env, headers, ...entry }) => ({
    command,
    args,
    cwd,
    address: entry.httpUrl ?? entry.serverUrl ?? entry.url,
    off: entry.disabled === true || entry.enabled === false,
    env: { ...Object.fromEntries(entry.env_vars.map((name) => [name, variable(name)])), ...env },
    headers: {
      ...headers,
      ...entry.http_headers,
      ...Object.fromEntries(
        Object.entries(entry.env_http_headers).map(([name, from]) => [name, variable(from)]),
      ),
      ...(entry.bearer_token_env_var !== undefined && {
        Authorization: `Bearer ${variable(entry.bearer_token_env_var)}`,
      }),
    },
  }));
export type EntryShape = z.infer<typeof Entry>;

/** An entry, or why it cannot be used, to follow "was left out:". */
export type ReadEntry = { ok: true; entry: EntryShape } | { ok: false; reason: string };

/** Reads one entry. References to variables stay as they are written. */
export function readEntryShape(value: unknown): ReadEntry {
  const parsed = Entry.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') || 'the entry';
    return { ok: false, reason: `${place} is not as it should be (${issue?.message})` };
  }
  const entry = parsed.data;
  if (entry.off) return { ok: false, reason: 'it is disabled' };
  if (entry.command === undefined && entry.address === undefined)
    return { ok: false, reason: 'it has neither a command nor a URL' };
  return { ok: true, entry };
}

/** A reference to a variable as clients write it. */
function variable(name: string): string {
  return `\${${name}}`;
}
