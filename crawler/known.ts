import type { CrawlResult } from './contract.ts';
import { listTools } from './list-tools.ts';
import { screenArgs, screenTarget } from './secrets.ts';
import type { SourcedTarget } from './source.ts';

/**
 * The result of a target that need not be asked, because its source knows why it cannot be listed or has its list.
 * Undefined for every other target. `observedAt` is ISO 8601.
 */
export async function knownResult(
  sourced: SourcedTarget,
  observedAt: string,
): Promise<CrawlResult | undefined> {
  const { failure, listing } = sourced;
  const target = screenTarget(sourced.target);
  const { transport } = target;
  const head = {
    target,
    observedAt,
    durationMs: 0,
    context: {
      args: transport.kind === 'stdio' ? screenArgs(transport.args) : [],
      envNames: transport.kind === 'stdio' ? transport.envNames : [],
      clientCapabilities: { ...listing?.clientCapabilities },
      ...(listing?.protocolVersion !== undefined && { protocolVersion: listing.protocolVersion }),
    },
  };
  if (failure) return { ...head, status: 'failed', phase: 'resolve', failure };
  if (!listing) return undefined;
  const { complete, tools, rejected, warnings } = await listTools(async () => ({
    tools: [...listing.tools],
  }));
  return {
    ...head,
    status: complete ? 'complete' : 'partial',
    provenance: listing.provenance,
    serverInfo: { ...listing.serverInfo },
    ...(listing.instructions !== undefined && { instructions: listing.instructions }),
    tools,
    rejected,
    warnings,
  };
}
