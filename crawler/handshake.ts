import {
  type ClientCapabilities,
  ClientCapabilitiesSchema,
  ErrorCode,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { answerFault } from './diagnose.ts';
import { type CrawlFault, crawlFault, isCrawlFault } from './fault.ts';
import { MAX_DETAIL_CHARS } from './limits.ts';
import type { ToolPage } from './list-tools.ts';
import { connectClient, type McpClient } from './mcp-client.ts';
import { connectNewerClient } from './newer-client.ts';
import type { Run } from './run.ts';
import type { Session } from './session.ts';
import { clip, errorText, quote } from './text.ts';

/** What came of greeting a server. `wantsNewer`: its answer was that of one that speaks only newer versions. */
export type Greeting = { client: McpClient } | { fault: CrawlFault; wantsNewer: boolean };

/**
 * Error codes by which a server that knows only versions from 2026-07-28 answers `initialize`: "header mismatch",
 * "missing capability" and "unsupported version" exist in those versions alone, and any older server knows the method.
 */
const NEWER_ONLY: ReadonlySet<number | undefined> = new Set([
  -32020,
  -32021,
  -32022,
  ErrorCode.MethodNotFound,
]);

/** Takes the handshake over a session, which becomes that of the run. */
export async function greet(run: Run, session: Session): Promise<Greeting> {
  return greetWith(connectClient, run, session);
}

/**
 * Takes the handshake of the versions from 2026-07-28. Rejects with a fault: with `fault`, that of the first
 * handshake, when this one only failed as well.
 */
export async function greetNewer(run: Run, session: Session, fault: CrawlFault): Promise<McpClient> {
  const greeting = await greetWith(connectNewerClient, run, session);
  if ('client' in greeting) return greeting.client;
  throw run.guard.signal.aborted ? greeting.fault : fault;
}

async function greetWith(
  connect: (session: Session, capabilities: ClientCapabilities, timeoutMs: number) => Promise<McpClient>,
  run: Run,
  session: Session,
): Promise<Greeting> {
  run.session = session;
  const capabilities = ClientCapabilitiesSchema.parse(run.options.clientCapabilities ?? {});
  try {
    return { client: await run.guard.race(connect(session, capabilities, answerTimeout(run))) };
  } catch (error) {
    const code = error instanceof McpError ? error.code : session.rpcError?.()?.code;
    return { fault: faultOf(run, error), wantsNewer: !run.guard.signal.aborted && NEWER_ONLY.has(code) };
  }
}

/** One page of the server's tools. Rejects with a fault, or with the server's "method not found". */
export async function fetchPage(run: Run, client: McpClient, cursor: string | undefined): Promise<ToolPage> {
  try {
    return await run.guard.race(client.listPage(cursor));
  } catch (error) {
    if (error instanceof McpError && error.code === ErrorCode.MethodNotFound) throw error;
    throw faultOf(run, error);
  }
}

/** Milliseconds: the guard's deadline comes first; the SDK's own one minute would cut a longer one short. */
export function answerTimeout(run: Run): number {
  return Math.min(run.timeoutMs * 2, 2 ** 31 - 1);
}

function faultOf(run: Run, error: unknown): CrawlFault {
  if (isCrawlFault(error)) return error;
  if (!(error instanceof McpError)) return unreadable(run, error);
  const fault = answerFault(run.phase, error.message.replace(/^MCP error -?\d+: /, ''));
  const supported = supportedVersions(error.data);
  return supported === ''
    ? fault
    : crawlFault(fault.code, fault.message, { detail: `It speaks ${supported}.` });
}

/** The versions that a server names when it refuses ours (2026-07-28, error -32022). */
function supportedVersions(data: unknown): string {
  const list = typeof data === 'object' && data !== null && 'supported' in data ? data.supported : [];
  if (!Array.isArray(list)) return '';
  return list
    .filter((version) => typeof version === 'string')
    .slice(0, 10)
    .map((version) => quote(version))
    .join(', ');
}

function unreadable(run: Run, error: unknown): CrawlFault {
  const method = run.phase === 'list' ? 'tools/list' : 'initialize';
  const known = run.session?.fault();
  // The SDK quotes the body of the answer, which may say why.
  if (known) {
    return crawlFault(known.code, known.message, {
      ...known,
      detail: known.detail ?? clip(errorText(error), MAX_DETAIL_CHARS),
    });
  }
  // A validation error's message is a page of JSON.
  const reason =
    error instanceof Error && 'issues' in error ? 'it is not what MCP prescribes' : quote(errorText(error));
  return crawlFault('protocol', `gave no usable answer to ${method}: ${reason}`);
}
