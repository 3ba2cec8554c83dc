import type { CrawlPhase } from './contract.ts';
import { exitFault } from './diagnose.ts';
import { type CrawlFault, crawlFault } from './fault.ts';
import type { Launch } from './launch.ts';
import type { Session } from './session.ts';
import { type StdioServer, startServer } from './stdio-transport.ts';
import { errorText } from './text.ts';

/** How bubblewrap, the programs that set its limits, and Docker begin to say what is wrong. */
const SANDBOX_WORDS = /^(?:bwrap|setpriv|unshare|prlimit|docker): /;

/**
 * Starts a server and gives the session with it. Throws a fault when it cannot be started; what goes wrong later is
 * told to `onFault`. `phase` says what is awaited at the time.
 */
export async function openStdio(
  launch: Launch,
  phase: () => CrawlPhase,
  onFault: (fault: CrawlFault) => void,
): Promise<Session> {
  const server = await start(launch, {
    onExit: (exit) => onFault(sandboxFault(launch, output().stderr) ?? exitFault(phase(), exit, output())),
    onLimit: (excess) => onFault(crawlFault('limit', `sent ${excess}`, { detail: output().stderr })),
  });
  const output = () => {
    const { lines, head } = server.noise();
    return { stderr: server.stderrHead(), noise: head, noiseLines: lines };
  };
  return {
    transport: server.transport,
    protocolVersion: server.protocolVersion,
    output,
    fault: () => undefined,
    close: server.close,
  };
}

async function start(launch: Launch, events: Parameters<typeof startServer>[1]): Promise<StdioServer> {
  try {
    return await startServer(launch, events);
  } catch (error) {
    throw crawlFault('spawn-failed', `could not be started: ${errorText(error)}`, { phase: 'spawn' });
  }
}

/** The fault of a sandbox that could not start the server, in the words of the programs that make it up. */
function sandboxFault(launch: Launch, stderr: string): CrawlFault | undefined {
  if (!launch.inside || !SANDBOX_WORDS.test(stderr)) return undefined;
  return crawlFault('spawn-failed', 'could not be started in the sandbox', {
    detail: stderr,
    phase: 'spawn',
  });
}
