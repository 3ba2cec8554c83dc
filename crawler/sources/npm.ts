import { usageError } from '../fault.ts';
import { npmTarget } from '../identity.ts';
import { parsePackageSpec } from '../package-spec.ts';
import { defineSource } from '../source.ts';
import { quote } from '../text.ts';

const PREFIX = 'npm:';

/** A package of the npm registry; one that is installed here is used, another is run by npx. */
export const source = defineSource({
  id: 'npm',
  title: 'npm package',
  summary: 'The server in one package of the npm registry.',
  example: 'npm:@modelcontextprotocol/server-memory@2026.8.31',
  accepts: (ref) => ref.startsWith(PREFIX),
  async *targets(ref, { args, envNames }) {
    const spec = parsePackageSpec(ref.slice(PREFIX.length));
    if (!spec) throw usageError(`${quote(ref)} names no package: write npm:<name> or npm:<name>@<version>.`);
    yield { target: npmTarget(spec, args, envNames, { source: 'npm', ref }) };
  },
});
