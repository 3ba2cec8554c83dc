import { connectHttp } from './connect-http.ts';
import { greet, greetNewer } from './handshake.ts';
import type { McpClient } from './mcp-client.ts';
import type { Run } from './run.ts';
import type { Scratch } from './scratch.ts';
import { stdioLaunch } from './stdio-launch.ts';
import { openStdio } from './stdio-session.ts';

/**
 * Starts or reaches the server of a run and takes the handshake with it, noting in the run how far it came. Rejects
 * with a fault when the server is not there, will not start or does not speak MCP. A program needs `scratch` to run in.
 */
export async function connect(run: Run, scratch: Scratch | undefined): Promise<McpClient> {
  const { target, guard } = run;
  if (target.transport.kind === 'http') return connectHttp(run, target.transport.url);
  if (scratch === undefined) throw new Error(`${target.id} is a program and has no folders to run in`);
  // Nothing is started for a crawl that was stopped before it began.
  await guard.race(Promise.resolve());
  const launch = await stdioLaunch(run, target.transport, scratch);
  const open = () => openStdio(launch, () => run.phase, guard.trip);
  run.session = await open();
  run.phase = 'initialize';
  const first = await greet(run, run.session);
  if ('client' in first) return first.client;
  if (!first.wantsNewer) throw first.fault;
  // The first client took the server with it, and a new start also suits servers that stop at what they do not know.
  await run.session.close();
  await guard.race(Promise.resolve());
  return greetNewer(run, await open(), first.fault);
}
