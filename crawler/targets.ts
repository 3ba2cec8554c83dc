import { usageError } from './fault.ts';
import { screenUrl } from './secrets.ts';
import type { SourceDeps, SourcedTarget } from './source.ts';
import { sources } from './sources/index.generated.ts';
import { quote } from './text.ts';

/**
 * The servers that a reference names, found by the one source that accepts it. Rejects with a usage error (see
 * `isUsageError`) when no source does or when what it names cannot be read.
 */
export async function targetsFor(ref: string, deps: SourceDeps): Promise<SourcedTarget[]> {
  const source = sources.find((candidate) => candidate.accepts?.(ref));
  if (source) return Array.fromAsync(source.targets(ref, deps));
  const forms = sources
    .filter(({ accepts }) => accepts !== undefined)
    .map(({ title, example }) => `  ${example}  (${title})`)
    .join('\n');
  throw usageError(`${quote(screenUrl(ref))} names no server. A target is one of:\n${forms}`);
}
