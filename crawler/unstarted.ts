import type { CrawlFailureCode, Origin, ServerTarget } from './contract.ts';
import { MAX_NAME_CHARS } from './limits.ts';
import { screenTarget } from './secrets.ts';
import type { KnownListing, SourcedTarget } from './source.ts';
import { clip, quote } from './text.ts';

/**
 * The target for a server of which nobody says how it is started. Its command is empty, which resolves to nothing on
 * any machine; a word from outside in its place might.
 */
export function bareTarget(
  id: string,
  label: string,
  origin: Origin,
  known: { args?: readonly string[]; envNames?: readonly string[] } = {},
): ServerTarget {
  const { args = [], envNames = [] } = known;
  return {
    id: clip(id, MAX_NAME_CHARS),
    label: clip(label, MAX_NAME_CHARS),
    transport: { kind: 'stdio', command: '', args: [...args], envNames: [...envNames].sort() },
    origin,
  };
}

/** A target that will not be started. `reason` starts with a verb and has no full stop. */
export function withFailure(target: ServerTarget, code: CrawlFailureCode, reason: string): SourcedTarget {
  const shown = screenTarget(target);
  return { target: shown, failure: { code, message: `${shown.label} ${reason}.` } };
}

/** A target that needs values that only its user has; they are told by name. */
export function withNeeds(target: ServerTarget, names: readonly string[]): SourcedTarget {
  const needed = [...new Set(names)].map((name) => quote(name)).join(', ');
  return withFailure(target, 'needs-configuration', `needs a value for ${needed}`);
}

/** A target whose tools are known, so that nothing is started. */
export function withListing(target: ServerTarget, listing: KnownListing): SourcedTarget {
  return { target: screenTarget(target), listing };
}
