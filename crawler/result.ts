import type { CrawlResult, ServerTarget } from './contract.ts';
import { type CrawlFault, isCrawlFault } from './fault.ts';
import type { Listing } from './list-tools.ts';
import { maskResult } from './mask-result.ts';
import { npxCommand, parseNpxCall } from './package-spec.ts';
import type { Run } from './run.ts';
import { count } from './text.ts';

/** When a crawl took place, and whether everything that it started has ended. */
export interface Ending {
  started: Date;
  durationMs: number;
  ended: boolean;
}

/** The result of a run, fit to be stored: see `maskResult`. */
export function describeResult(run: Run, outcome: Listing | CrawlFault, ending: Ending): CrawlResult {
  return maskResult(rawResult(run, outcome, ending), run.target, givenValues(run));
}

function rawResult(
  run: Run,
  outcome: Listing | CrawlFault,
  { started, durationMs, ended }: Ending,
): CrawlResult {
  const { transport } = run.target;
  const version = run.session?.protocolVersion();
  const envNames = transport.kind === 'http' ? [] : storedNames(transport.envNames, run.options.envValues);
  const head = {
    target: storedTarget(run, envNames),
    observedAt: started.toISOString(),
    durationMs,
    context: {
      ...(run.isolation !== undefined && { isolation: run.isolation }),
      args: run.resolved?.serverArgs ?? serverArgs(run.target),
      envNames,
      clientCapabilities: { ...run.options.clientCapabilities },
      ...(version !== undefined && { protocolVersion: version }),
    },
  };
  if (isCrawlFault(outcome)) {
    const { code, message, detail, transient, retryAfterMs, phase = run.phase } = outcome;
    const failure = {
      code,
      message: `${run.target.label} ${message}.`,
      ...(detail !== undefined && { detail }),
      ...(transient && { transient }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
    return { ...head, status: 'failed', phase, failure };
  }
  const { complete, tools, rejected, warnings } = outcome;
  return {
    ...head,
    status: complete ? 'complete' : 'partial',
    provenance: 'observed',
    serverInfo: run.serverInfo,
    ...(run.instructions !== undefined && { instructions: run.instructions }),
    tools,
    rejected,
    warnings: [...warnings, ...sessionWarnings(run, ended)],
  };
}

function sessionWarnings(run: Run, ended: boolean): string[] {
  const noise = run.session?.output().noiseLines ?? 0;
  return [
    ...(noise > 0
      ? [`${count(noise, 'line')} on stdout were not messages of the protocol and were skipped.`]
      : []),
    ...(ended ? [] : ['A process of the server could not be ended.']),
  ];
}

/** The target with the version that was run, and with every name whose value was given. */
function storedTarget({ target, resolved, options }: Run, envNames: string[]): ServerTarget {
  const { transport } = target;
  if (transport.kind === 'http') {
    return {
      ...target,
      transport: { ...transport, headerNames: storedNames(transport.headerNames, options.headers) },
    };
  }
  const npx = parseNpxCall(transport.command, transport.args);
  if (!npx || resolved?.version === undefined) return { ...target, transport: { ...transport, envNames } };
  const { version } = resolved;
  return {
    ...target,
    transport: { ...transport, ...npxCommand({ name: npx.spec.name, version }, npx.args), envNames },
    origin: { ...target.origin, version },
  };
}

function serverArgs({ transport }: ServerTarget): string[] {
  if (transport.kind === 'http') return [];
  return parseNpxCall(transport.command, transport.args)?.args ?? transport.args;
}

function storedNames(names: readonly string[], values: Readonly<Record<string, string>> = {}): string[] {
  return [...new Set([...names, ...Object.keys(values)])].sort();
}

/** Everything that was given to the server by name and may be secret. */
function givenValues({ target, options }: Run): Record<string, string> {
  const names = target.transport.kind === 'stdio' ? target.transport.envNames : [];
  const passed = names.flatMap((name) => {
    const value = options.environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), ...options.envValues, ...options.headers };
}
