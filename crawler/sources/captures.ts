import { basename } from 'node:path';
import { z } from 'zod';
import type { ServerTarget } from '../contract.ts';
import { httpTarget, npmTarget } from '../identity.ts';
import { isObject } from '../json.ts';
import { MAX_ENTRY_VALUES, MAX_NAME_CHARS } from '../limits.ts';
import { parsePackageSpec } from '../package-spec.ts';
import { screenUrl } from '../secrets.ts';
import { defineSource, type KnownListing, type SourcedTarget } from '../source.ts';
import { lineName, numberedLines } from '../source-file.ts';
import { clip, quote } from '../text.ts';
import { bareTarget, withListing } from '../unstarted.ts';

const ID = 'captures';

const Word = z
  .string()
  .transform((text) => clip(text, MAX_NAME_CHARS))
  .optional()
  .catch(undefined);

/** One stored `tools/list`, with what it depended on. */
const Capture = z
  .object({
    package: z.string().min(1).max(MAX_NAME_CHARS).optional(),
    /** A name, or the address of a server that runs somewhere. */
    server: z.string().min(1).max(MAX_NAME_CHARS).optional(),
    version: z.string().max(MAX_NAME_CHARS).optional(),
    args: z.array(z.string()).max(MAX_ENTRY_VALUES).default([]),
    /** Names; of an object, only its keys are taken. */
    env: z
      .preprocess(
        (env) => (isObject(env) ? Object.keys(env) : env),
        z.array(z.string()).max(MAX_ENTRY_VALUES),
      )
      .default([]),
    serverInfo: z.object({ name: Word, version: Word }).optional().catch(undefined),
    instructions: z.string().optional().catch(undefined),
    protocolVersion: Word,
    clientCapabilities: z.custom<Record<string, unknown>>(isObject).optional().catch(undefined),
    tools: z.array(z.unknown()),
  })
  .refine((capture) => capture.package !== undefined || capture.server !== undefined, {
    error: 'it has neither a package nor a server',
  });
type Capture = z.infer<typeof Capture>;

/** Listings that were made elsewhere, to be judged here. */
export const source = defineSource({
  id: ID,
  title: 'Stored captures',
  summary:
    'Every tools/list stored in a JSONL file, plain or gzipped, with its package or server; nothing is started.',
  example: './captures.jsonl.gz',
  async *targets(ref, deps) {
    const file = basename(ref);
    for await (const { number, text } of numberedLines('file of captures', ref, deps)) {
      const sourced = readCapture(text, file);
      if (typeof sourced !== 'string') yield sourced;
      else deps.warn(`${lineName(number, file)} was left out: ${sourced}.`);
    }
  },
});

/** The target with its listing, or why there is none. */
function readCapture(text: string, file: string): SourcedTarget | string {
  const json = parseJson(text);
  if (json === undefined) return 'it is not JSON';
  const parsed = Capture.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return issue?.path.length
      ? `${issue.path.join('.')} is not as it should be (${issue.message})`
      : `${issue?.message}`;
  }
  const target = captureTarget(parsed.data, file);
  return target
    ? withListing(target, listingOf(parsed.data))
    : `${quote(parsed.data.package ?? '')} is no package`;
}

function captureTarget(capture: Capture, file: string): ServerTarget | undefined {
  const { package: name, server = '', version, args, env: envNames } = capture;
  const origin = {
    source: ID,
    ref: `${file}#${screenUrl(name ?? server)}`,
    ...(version !== undefined && { version }),
  };
  if (name !== undefined) {
    const spec = parsePackageSpec(version === undefined ? name : `${name}@${version}`);
    return spec && npmTarget(spec, args, envNames, origin);
  }
  if (/^https?:\/\//i.test(server) && URL.canParse(server)) return httpTarget(server, [], origin);
  return bareTarget(`${ID}:${server}`, server, origin, { args, envNames });
}

function listingOf({
  serverInfo,
  instructions,
  protocolVersion,
  clientCapabilities,
  tools,
}: Capture): KnownListing {
  return {
    provenance: 'observed',
    tools,
    ...(serverInfo && {
      serverInfo: {
        ...(serverInfo.name !== undefined && { name: serverInfo.name }),
        ...(serverInfo.version !== undefined && { version: serverInfo.version }),
      },
    }),
    ...(instructions !== undefined && { instructions }),
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(clientCapabilities && { clientCapabilities }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
