import process from 'node:process';
import type { Isolation } from './contract.ts';
import { usageError } from './fault.ts';
import { PROBE_TIMEOUT_MS } from './limits.ts';
import { findCommand } from './resolve.ts';
import { runCommand } from './run-command.ts';
import { bubblewrap } from './sandbox/bubblewrap.ts';
import { docker } from './sandbox/docker.ts';
import type { Sandbox } from './sandbox/types.ts';
import { makeScratch } from './scratch.ts';
import { clip, errorText } from './text.ts';

export type { Sandbox } from './sandbox/types.ts';

/** What a caller may ask for; `auto` takes bubblewrap, else Docker, else goes without. */
export type SandboxChoice = 'auto' | Isolation;

/** What sandboxes are looked for with. */
export interface SandboxDeps {
  /** Our whole environment: PATH and the settings of Docker's client are read. */
  environment: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Folder for what is tried out; nothing stays there. */
  scratchRoot: string;
  /** Ends the search early, with what has been found by then. */
  signal?: AbortSignal;
}

/** Variables of the client itself. */
const FOR_DOCKER = /^(?:PATH|HOME|DOCKER_\w+|XDG_RUNTIME_DIR|https?_proxy|no_proxy)$/i;

/** Characters of why a sandbox does not work. */
const MAX_REASON_CHARS = 200;

const NO_SANDBOX: Sandbox = { isolation: 'none', wrap: async (launch) => launch };

/**
 * Finds a sandbox by running a trivial command in it, because a program that is installed may not be allowed to work.
 * `auto` always finds something, and its `reason` says why it is not bubblewrap. Rejects with a usage error when the
 * one that was asked for does not work here. What is found holds for this machine,
 * so that whoever crawls many servers looks once and gives it to each crawl.
 */
export async function findSandbox(choice: SandboxChoice, deps: SandboxDeps): Promise<Sandbox> {
  if (choice === 'none') return NO_SANDBOX;
  const reasons: string[] = [];
  for (const kind of choice === 'auto' ? (['bubblewrap', 'docker'] as const) : [choice]) {
    const sandbox = await working(kind, deps);
    if (typeof sandbox !== 'string') return withReason(sandbox, reasons);
    reasons.push(sandbox);
  }
  if (choice === 'auto') return withReason(NO_SANDBOX, reasons);
  throw usageError(`--sandbox ${choice}: ${reasons.join('; ')}.`);
}

function withReason(sandbox: Sandbox, reasons: readonly string[]): Sandbox {
  return reasons.length === 0 ? sandbox : { ...sandbox, reason: `${reasons.join('; ')}.` };
}

/** A sandbox that works, or why there is none of the kind. */
async function working(kind: 'bubblewrap' | 'docker', deps: SandboxDeps): Promise<Sandbox | string> {
  const { environment, platform } = deps;
  const name = kind === 'bubblewrap' ? 'bwrap' : 'docker';
  // Both show files to a server at the paths that they have here, which a Linux system inside has to understand.
  if (platform === 'win32') return `${kind} is not used on Windows`;
  const file = findCommand(name, '/', { environment, platform });
  if (file === undefined) return `${kind} is not installed`;
  const sandbox = kind === 'bubblewrap' ? bubblewrap(file) : docker(file, dockerEnvironment(environment));
  const fault = await tryOut(sandbox, PROBE_TIMEOUT_MS[kind], deps);
  return fault === undefined ? sandbox : `${kind} does not work here: ${clip(fault, MAX_REASON_CHARS)}`;
}

/** Why a trivial command does not run in the sandbox; undefined when it does. */
async function tryOut(
  sandbox: Sandbox,
  timeoutMs: number,
  { scratchRoot, signal }: SandboxDeps,
): Promise<string | undefined> {
  const scratch = await makeScratch(scratchRoot);
  try {
    const trivial = { command: process.execPath, args: ['-e', '0'], env: {}, cwd: scratch.work };
    const launch = await sandbox.wrap(trivial, { readable: [], empty: [] }, scratch);
    const { how, code, stderr } = await runCommand(launch, { timeoutMs, ...(signal && { signal }) });
    if (how === 'exit' && code === 0) return undefined;
    if (how === 'timeout') return `it gave no answer within ${timeoutMs / 1000} s`;
    return stderr.split('\n')[0] || 'it failed without a word';
  } catch (error) {
    return errorText(error);
  } finally {
    await scratch.remove();
  }
}

function dockerEnvironment(environment: SandboxDeps['environment']): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value !== undefined && FOR_DOCKER.test(name) ? [[name, value]] : [],
  );
  return Object.fromEntries(entries);
}
