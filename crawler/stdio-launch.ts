import { join } from 'node:path';
import process from 'node:process';
import type { StdioTransport } from './contract.ts';
import { serverEnvironment } from './environment.ts';
import { fetchPackage } from './fetch-package.ts';
import type { Guard } from './guard.ts';
import type { Launch } from './launch.ts';
import { resolveCommand } from './resolve.ts';
import type { Run } from './run.ts';
import { findSandbox } from './sandbox.ts';
import type { Scratch } from './scratch.ts';

/**
 * What is to be started for the stdio server of a run, in the sandbox that was asked for. Rejects with a fault when
 * the server cannot be found, fetched or started there, and with a usage error when there is no such sandbox.
 */
export async function stdioLaunch(run: Run, transport: StdioTransport, scratch: Scratch): Promise<Launch> {
  const { guard, options } = run;
  const { cwd, environment, envValues = {}, scratchRoot, platform = process.platform } = options;
  const { sandbox: choice = 'auto' } = options;
  const deps = { environment, platform, scratchRoot, signal: guard.signal };
  const sandbox = typeof choice === 'string' ? await settled(guard, findSandbox(choice, deps)) : choice;
  const resolving = resolveCommand(transport, {
    cwd,
    scratch: scratch.work,
    environment,
    platform,
    packageRoots: options.packageRoots ?? [cwd, import.meta.dirname],
    fetchPackage: (spec) =>
      fetchPackage(spec, {
        cache: options.packageCache ?? join(scratchRoot, 'packages'),
        environment,
        platform,
        installScripts: options.installScripts ?? false,
        signal: guard.signal,
      }),
  });
  const resolved = await settled(guard, resolving);
  run.resolved = resolved;
  run.phase = 'spawn';
  const env = serverEnvironment({ environment, envNames: transport.envNames, envValues, scratch, platform });
  const launch = await settled(guard, sandbox.wrap({ ...resolved, env }, resolved.view, scratch));
  run.isolation = sandbox.isolation;
  return launch;
}

/** Waits for work that ends by itself when the guard trips, and then gives the guard's reason instead of its own. */
async function settled<T>(guard: Guard, work: Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([work]);
  await guard.race(Promise.resolve());
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
