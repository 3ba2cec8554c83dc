import { z } from 'zod';
import { isObject } from './json.ts';
import { MAX_CURSOR_CHARS, MAX_NAME_CHARS } from './limits.ts';
import { camelKeys, ServerJson } from './server-json.ts';
import { clip, quote } from './text.ts';

/** What the registry itself adds to an entry. */
const Official = z.preprocess(
  camelKeys,
  z.object({
    status: z.string().optional().catch(undefined),
    statusChangedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
    updatedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
    isLatest: z.boolean().optional().catch(undefined),
  }),
);
type Official = z.infer<typeof Official>;

const OFFICIAL_KEY = 'io.modelcontextprotocol.registry/official';

/** One page of `/v0.1/servers`; its entries are read one by one. */
const Page = z.object({
  servers: z.array(z.unknown()),
  metadata: z
    .preprocess(camelKeys, z.object({ nextCursor: z.string().max(MAX_CURSOR_CHARS).nullish() }))
    .nullish(),
});

/** An entry of a page, or why it cannot be used. */
export type RegistryEntry = { server: ServerJson; official: Official } | { malformed: string };

export interface RegistryPage {
  entries: RegistryEntry[];
  nextCursor: string | undefined;
}

/** Reads the text of a page; undefined when it is not one. A malformed entry does not cost the others. */
export function readRegistryPage(text: string): RegistryPage | undefined {
  const page = Page.safeParse(parseJson(text));
  if (!page.success) return undefined;
  const { servers, metadata } = page.data;
  // An empty cursor ends the list as an absent one does.
  return { entries: servers.map(readEntry), nextCursor: metadata?.nextCursor || undefined };
}

/** Takes `{server, _meta}` and the bare server that came before it. */
function readEntry(value: unknown): RegistryEntry {
  if (!isObject(value)) return { malformed: 'an entry is not an object' };
  const server = isObject(value.server) ? value.server : value;
  const parsed = ServerJson.safeParse(server);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = typeof server.name === 'string' ? quote(server.name) : 'an entry without a name';
    return { malformed: clip(`${name}: ${issue?.path.join('.')} (${issue?.message})`, MAX_NAME_CHARS) };
  }
  const official = Official.parse(officialMeta(value) ?? officialMeta(server) ?? {});
  return { server: parsed.data, official: { ...official, status: official.status ?? parsed.data.status } };
}

function officialMeta({ _meta: meta, ...rest }: Record<string, unknown>): unknown {
  const older = rest[`x-${OFFICIAL_KEY.split('/')[0]}`];
  return [isObject(meta) ? meta[OFFICIAL_KEY] : undefined, older].find(isObject);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
