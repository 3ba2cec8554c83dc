import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { StringDecoder } from 'node:string_decoder';
import { isCrawlFault, usageError } from '../crawler/fault.ts';
import { commandLaunch } from '../crawler/resolve.ts';
import { openAuditFile } from '../gateway/audit-file.ts';
import {
  type GatewaySettings,
  readGatewayConfig,
  type ServerCommand,
  type ServerSettings,
  serverAddress,
} from '../gateway/config.ts';
import type { Enforcement, World } from '../gateway/enforcement.ts';
import { visible } from '../gateway/fold.ts';
import { PLAIN_KEY } from '../gateway/key.ts';
import { AUDIT_KEEP, AUDIT_MAX_BYTES } from '../gateway/limits.ts';
import { openEnforcement } from '../gateway/open.ts';
import { serveStdio } from '../gateway/stdio.ts';
import { type StdioServer, startStdioServer } from '../gateway/upstream-stdio.ts';
import type { GatewayOptions } from './commands/gateway.ts';
import { EXIT, type Exit, exitOf } from './exit-codes.ts';
import { type GatewayPlace, gatewayPlace, openGatewayState, stateWords } from './gateway-state.ts';
import type { Io, Output } from './io.ts';

/** What a running gateway holds, and what ends it. */
export interface Opened {
  settings: GatewaySettings;
  place: GatewayPlace;
  enforce(server: ServerSettings): Enforcement;
  /** Says something to whoever runs the gateway. */
  remark(text: string): void;
  close(): Promise<void>;
}

/** Runs the gateway that the options describe, until its client, its server or a signal ends it. */
export async function runGateway(
  options: GatewayOptions,
  commandLine: readonly string[] | undefined,
  io: Io,
): Promise<Exit> {
  const settings = settingsOf(options, commandLine, io);
  checkUsed(options, settings);
  const opened = await openAll(settings, options, io);
  try {
    if (settings.listen === undefined) return await runStdio(opened, onlyServer(settings), io);
    const { runHttp } = await import('./gateway-http.ts');
    return await runHttp(opened, settings.listen, options, io, (server) => startServer(server, io));
  } finally {
    await opened.close();
  }
}

/** Throws a usage error for an option that would mean nothing: whoever gives it believes that it does something. */
function checkUsed(options: GatewayOptions, { listen }: GatewaySettings): void {
  if (options.header !== undefined && options.upstream === undefined)
    throw usageError('--header goes with --upstream; in a configuration, `headers` stands beside `url`.');
  const forHttp = [
    options.withoutGrants && '--without-grants',
    options.allowHost && '--allow-host',
    options.allowOrigin && '--allow-origin',
  ].filter((name) => typeof name === 'string');
  if (listen === undefined && forHttp.length > 0)
    throw usageError(
      `${forHttp.join(' and ')} goes with --listen; on stdio only the client's own process comes in.`,
    );
}

/** Servers and address, from the file or from the options. Throws a usage error. */
function settingsOf(
  options: GatewayOptions,
  commandLine: readonly string[] | undefined,
  io: Io,
): GatewaySettings {
  const named = { ...(options.listen !== undefined && { listen: options.listen }) };
  const lock = options.lock === undefined ? {} : { lock: resolve(io.cwd, options.lock) };
  if (options.config !== undefined) {
    if (commandLine !== undefined || options.upstream !== undefined || options.policy !== undefined)
      throw usageError(
        '--config names the servers and their policies; leave out --policy, --upstream and the command.',
      );
    const read = chosen(readGatewayConfig(resolve(io.cwd, options.config), io.env), options.server);
    const { allowHost = [], allowOrigin = [] } = options;
    return {
      ...read,
      ...named,
      ...lock,
      hosts: [...read.hosts, ...allowHost],
      origins: [...read.origins, ...allowOrigin],
    };
  }
  const [command, ...args] = commandLine ?? [];
  if ((command === undefined) === (options.upstream === undefined))
    throw usageError('Give the server either as a command after -- or as an address with --upstream.');
  const to: ServerSettings['to'] =
    command === undefined
      ? { kind: 'url', url: serverAddress(options.upstream ?? ''), headers: headersOf(options.header ?? []) }
      : { kind: 'command', command, args, env: {}, cwd: io.cwd };
  const key = options.server ?? 'server';
  if (!PLAIN_KEY.test(key))
    throw usageError('--server takes a key of 1 to 64 letters, digits, dots, hyphens or underscores.');
  return {
    servers: [{ key, policy: resolve(io.cwd, options.policy ?? ''), to }],
    ...named,
    ...lock,
    hosts: options.allowHost ?? [],
    origins: options.allowOrigin ?? [],
  };
}

/** The one server of a file that is asked for, on stdio, whatever the file says of listening. Throws a usage error. */
function chosen({ listen, ...settings }: GatewaySettings, key: string | undefined): GatewaySettings {
  if (key === undefined) return { ...settings, ...(listen !== undefined && { listen }) };
  const servers = settings.servers.filter((server) => server.key === key);
  if (servers.length > 0) return { ...settings, servers };
  const keys = settings.servers.map((server) => server.key).join(', ');
  throw usageError(`The configuration has no server '${key}'. There are: ${keys}.`);
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw usageError(`--header takes 'Name: value', and one of those given is not that.`);
      return [name, value];
    }),
  );
}

function onlyServer({ servers }: GatewaySettings): ServerSettings {
  const [found, ...others] = servers;
  if (found !== undefined && others.length === 0) return found;
  const keys = servers.map(({ key }) => key).join(', ');
  throw usageError(`Over stdio the gateway serves one server: name it with --server. There are: ${keys}.`);
}

async function openAll(settings: GatewaySettings, options: GatewayOptions, io: Io): Promise<Opened> {
  const place = gatewayPlace(options, io);
  const remark = (text: string) =>
    void io.stderr.stream.write(`catalogue gateway: ${visible(text).replaceAll('\n', ' ')}\n`);
  const { counters, approvals } = await openGatewayState(place, io.now);
  const closers: (() => Promise<void> | void)[] = [() => counters.close(), () => approvals.close()];
  const close = async () => {
    for (const one of closers.toReversed()) await one();
  };
  try {
    const audit = await openAuditFile({
      path: options.audit === undefined ? place.audit : resolve(io.cwd, options.audit),
      maxBytes: AUDIT_MAX_BYTES,
      keep: AUDIT_KEEP,
      logValues: options.logValues ?? false,
      report: remark,
    });
    closers.push(() => audit.close());
    const dryRun = options.dryRun ?? false;
    if (dryRun) remark('dry run: nothing is denied, and what would be is in the audit log');
    const world: World = {
      now: () => io.now().getTime(),
      elapsed: () => performance.now(),
      randomId: randomUUID,
    };
    const enforce = ({ key: server, policy }: ServerSettings): Enforcement => {
      const enforcement = openEnforcement({
        server,
        policy,
        ...(settings.lock !== undefined && { lock: settings.lock }),
        counters,
        approvals,
        // Clients over HTTP may be elsewhere, and folders of this machine are not for them.
        ...(settings.listen === undefined && { stateWords: stateWords(options, io) }),
        audit,
        dryRun,
        world,
        remark: settings.servers.length > 1 ? (text) => remark(`${server}: ${text}`) : remark,
      });
      closers.push(enforcement.close);
      return enforcement;
    };
    return { settings, place, enforce, remark, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runStdio(opened: Opened, server: ServerSettings, io: Io): Promise<Exit> {
  const { to, key } = server;
  if (io.stderr.isTerminal)
    opened.remark('waits for a client on stdin and stdout; clients start it themselves. Ctrl-C ends it');
  const enforcement = opened.enforce(server);
  const caller = { grant: 'stdio', session: randomUUID(), server: key };
  const front = { stdin: io.stdin, stdout: io.stdout.stream, signal: io.signal };
  if (to.kind === 'url') {
    const { openHttpServer } = await import('../gateway/upstream-http.ts');
    const http = openHttpServer(to, enforcement.remark);
    try {
      const who = await serveStdio(enforcement, caller, front, { connect: http.connect });
      return who === 'signal' ? EXIT.interrupted : EXIT.done;
    } finally {
      await http.close();
    }
  }
  const child = await startServer(to, io);
  const pipes = { input: child.input, output: child.output };
  const who = await serveStdio(enforcement, caller, front, { connect: child.connect, pipes });
  if (who === 'signal') return EXIT.interrupted;
  if (who === 'client') return EXIT.done;
  return exitOf(await child.exited);
}

/** Starts a server with the environment that it would have without us. Throws a usage error when it cannot be. */
async function startServer(to: ServerCommand, io: Io): Promise<StdioServer> {
  if (!existsSync(to.cwd)) throw usageError(`The server is to run in ${to.cwd}, which does not exist.`);
  const environment = { ...io.env, ...to.env };
  const env = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]): [string, string][] =>
      value === undefined || name.startsWith('CATALOGUE_') ? [] : [[name, value]],
    ),
  );
  try {
    const launch = commandLaunch(to.command, to.args, { cwd: to.cwd, environment, platform: io.platform });
    return await startStdioServer({ ...launch, env }, passedOn(io.stderr));
  } catch (error) {
    if (isCrawlFault(error)) throw usageError(`The server ${error.message}.`);
    throw usageError(
      `The server could not be started: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/**
 * What a server writes to stderr, as it is for a program; on a terminal without its colours, and with all else that could
 * act on the terminal made visible.
 */
function passedOn({ stream, isTerminal }: Output): (chunk: Buffer) => void {
  if (!isTerminal) return (chunk) => void stream.write(chunk);
  const decoder = new StringDecoder('utf8');
  return (chunk) => {
    const text = decoder.write(chunk).replaceAll('\r\n', '\n').replaceAll(COLOUR, '');
    stream.write(visible(text));
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what a colour begins with.
const COLOUR = /\u001b\[[\d;]{0,20}m/g;
