import { MAX_DETAIL_CHARS } from './limits.ts';
import { screenUrl } from './secrets.ts';
import { clip } from './text.ts';

/** What a server asks for with a 401 or 403 (RFC 6750, section 3; RFC 9728, section 5.1). */
export interface Challenge {
  scheme: string;
  /** Parameters by their names in lower case. */
  parameters: ReadonlyMap<string, string>;
}

/** Parameters that tell a person what to get, in the order in which they are shown. */
const TOLD = ['realm', 'scope', 'resource_metadata', 'error', 'error_description'];

/** The first challenge of a `WWW-Authenticate` header; undefined when there is none. */
export function parseChallenge(header: string): Challenge | undefined {
  const [start, scheme] = /^\s*([!#$%&'*+.^_`|~\w-]+)(?=\s|$)/.exec(header) ?? [];
  if (start === undefined || scheme === undefined) return undefined;
  const parameter = /([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare] of header.slice(start.length).matchAll(parameter)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return { scheme, parameters };
}

/** A challenge as lines for a person: its scheme and the parameters that say what to get, and from where. */
export function describeChallenge(header: string): string {
  const challenge = parseChallenge(header);
  if (!challenge) return clip(`WWW-Authenticate: ${header}`, MAX_DETAIL_CHARS);
  const lines = TOLD.flatMap((name) => {
    const value = challenge.parameters.get(name);
    return value === undefined ? [] : [`${name}: ${clip(screenUrl(value), 500)}`];
  });
  return [`scheme: ${challenge.scheme}`, ...lines].join('\n');
}
