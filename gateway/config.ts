import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { expandVariables } from '../crawler/expand.ts';
import { usageError } from '../crawler/fault.ts';
import { MAX_YAML_ALIASES } from '../crawler/limits.ts';
import { errorText } from '../crawler/text.ts';
import { readJson } from '../policy/json-text.ts';
import { PLAIN_KEY } from './key.ts';

/** A server's key: it stands in an address and in the audit log. */
const ServerKey = z
  .string()
  .regex(PLAIN_KEY, 'a key is 1 to 64 letters, digits, dots, hyphens or underscores');

const Values = z.record(z.string(), z.string());

const ServerEntry = z
  .strictObject({
    policy: z.string(),
    command: z.string().optional(),
    args: z.array(z.string()).optional(),
    env: Values.optional(),
    cwd: z.string().optional(),
    url: z.string().optional(),
    headers: Values.optional(),
  })
  .refine(
    ({ command, url }) => (command === undefined) !== (url === undefined),
    'needs either a command or a url',
  );

const GatewayFile = z.strictObject({
  $schema: z.string().optional(),
  servers: z
    .record(ServerKey, ServerEntry)
    .refine((servers) => Object.keys(servers).length > 0, 'names no server'),
  /** Address and port to listen on, as `127.0.0.1:8787`. */
  listen: z.string().optional(),
  /** Names under which clients may address the gateway, beyond that of the address it listens on. */
  hosts: z.array(z.string()).optional(),
  /** Web pages that may speak to it, as `https://inspector.example`. */
  origins: z.array(z.string()).optional(),
  lock: z.string().optional(),
});

/** One server that the gateway stands before. */
export interface ServerSettings {
  key: string;
  /** Path of the policy's file. */
  policy: string;
  to: ServerCommand | ServerAddress;
}

export interface ServerCommand {
  kind: 'command';
  command: string;
  args: string[];
  /** Variables beyond those that the gateway itself has. */
  env: Record<string, string>;
  cwd: string;
}

export interface ServerAddress {
  kind: 'url';
  url: URL;
  headers: Record<string, string>;
}

export interface GatewaySettings {
  servers: ServerSettings[];
  listen?: string;
  hosts: string[];
  origins: string[];
  lock?: string;
}

/**
 * Reads a configuration file, YAML by the ending of its name, else JSON. Paths are relative to the file; `${NAME}` in
 * values of `env`, `headers` and `url` is filled in. Throws a usage error for a file that cannot be used.
 */
export function readGatewayConfig(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): GatewaySettings {
  const fault = (what: string) => usageError(`The configuration ${path} cannot be used: ${what}.`);
  const value = parse(path, fault);
  const parsed = GatewayFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message;
    throw fault(`/${issue?.path.join('/') ?? ''} ${message ?? 'is not what it should be'}`);
  }
  const { servers, listen, hosts = [], origins = [], lock } = parsed.data;
  const folder = dirname(path);
  const fill = (text: string, where: string) => {
    const { text: filled, missing } = expandVariables(text, environment);
    if (missing.length > 0)
      throw fault(`${where} needs the variable ${missing.join(', ')}, which is not set`);
    return filled;
  };
  return {
    servers: Object.entries(servers).map(([key, entry]): ServerSettings => {
      const { policy, command, args = [], env = {}, cwd, url = '', headers = {} } = entry;
      const filled = (values: Record<string, string>) =>
        Object.fromEntries(
          Object.entries(values).map(([name, text]) => [name, fill(text, `${key}: ${name}`)]),
        );
      const to: ServerSettings['to'] =
        command === undefined
          ? { kind: 'url', url: serverAddress(fill(url, `${key}: url`)), headers: filled(headers) }
          : {
              kind: 'command',
              command,
              args,
              env: filled(env),
              cwd: cwd === undefined ? folder : resolve(folder, cwd),
            };
      return { key, policy: resolve(folder, policy), to };
    }),
    ...(listen !== undefined && { listen }),
    hosts,
    origins,
    ...(lock !== undefined && { lock: resolve(folder, lock) }),
  };
}

/** The address of a server. Throws a usage error for one that is none of the web, or that has credentials in it. */
export function serverAddress(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw usageError(`The server's address must begin with https:// or http://.`);
  if (url.username !== '' || url.password !== '')
    throw usageError(`The server's address has credentials in it; give them as a header.`);
  return url;
}

function parse(path: string, fault: (what: string) => Error): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fault(errorText(error));
  }
  if (!/\.ya?ml$/i.test(path)) {
    const read = readJson(text.replace(/^\ufeff/, ''));
    if (read.ok) return read.value;
    const { pointer, message, remedy } = read.fault;
    throw fault(`${pointer} ${message}: ${remedy}`);
  }
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw fault(error.message);
  return document.toJS({ maxAliasCount: MAX_YAML_ALIASES });
}

/** Host and port of `127.0.0.1:8787`, `[::1]:8787`, `:8787` or `8787`. Throws a usage error for anything else. */
export function listenAddress(text: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535) {
    throw usageError(`--listen takes an address and a port, such as 127.0.0.1:8787, not '${text}'.`);
  }
  return { host: host === '' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
