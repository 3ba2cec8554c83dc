import { parse } from 'yaml';
import { z } from 'zod';
import { usageError } from './fault.ts';
import { DIRECTORY_DELAY_MS, DIRECTORY_PAGES, MAX_YAML_ALIASES } from './limits.ts';
import { errorText, quote } from './text.ts';

/**
 * How a directory in HTML is read. A description is a small file in YAML or JSON:
 *
 *     start: https://directory.example/servers
 *     entries: article.server        # CSS selector of the entries on a page
 *     name: h2                       # inside an entry
 *     link: a.details                # optional: the entry's own page, on which `target` is then looked for
 *     target:                        # the first of these that gives a reference is taken
 *       - { select: a.npm, attribute: href, after: /package/, as: 'npm:{}' }
 *       - { select: code.endpoint }
 *     next: a[rel=next]              # optional: the link to the next page
 *     hosts: [www.directory.example] # optional: other hosts that links may lead to
 *     delaySeconds: 2                # optional: between two requests to one host, 1 if left out
 *     pages: 50                      # optional: how many pages to read at most, entries' own pages included
 */

const Selector = z.string().min(1).max(500);

/** A text on a page: a selector alone stands for the text of the first element that it finds. */
const Place = z.union([
  Selector.transform((select) => ({ select, attribute: undefined })),
  z.strictObject({
    /** Left out, the entry itself. */
    select: Selector.optional(),
    /** Left out, the element's text. */
    attribute: z.string().min(1).max(100).optional(),
  }),
]);
export type Place = z.infer<typeof Place>;

const TargetPlace = z.union([
  Selector.transform((select) => ({ select, attribute: undefined, after: undefined, as: '{}' })),
  z.strictObject({
    select: Selector.optional(),
    attribute: z.string().min(1).max(100).optional(),
    /** Only what follows the first occurrence of this text is taken, up to white space, `?` or `#`. */
    after: z.string().min(1).max(500).optional(),
    /** The reference, with `{}` for what was found: `npm:{}`, or the default `{}`. */
    as: z.string().max(500).includes('{}').default('{}'),
  }),
]);
export type TargetPlace = z.infer<typeof TargetPlace>;

const WebAddress = z.url({ protocol: /^https?$/ });

export const DirectoryDescription = z
  .strictObject({
    start: z.union([WebAddress.transform((url) => [url]), z.array(WebAddress).min(1)]),
    entries: Selector,
    name: Place.optional(),
    link: Place.optional(),
    target: z.union([TargetPlace.transform((place) => [place]), z.array(TargetPlace).min(1)]),
    next: Place.optional(),
    hosts: z.array(z.string().min(1)).default([]),
    delaySeconds: z
      .number()
      .min(0)
      .max(3600)
      .default(DIRECTORY_DELAY_MS / 1000),
    pages: z.int().min(1).default(DIRECTORY_PAGES),
  })
  .transform(({ hosts, ...rest }) => ({
    ...rest,
    /** All hosts, with their ports, from which pages are read. */
    hosts: new Set([
      ...rest.start.map((start) => new URL(start).host),
      ...hosts.map((host) => host.toLowerCase()),
    ]),
  }));
export type DirectoryDescription = z.infer<typeof DirectoryDescription>;

/** Reads the text of a description. Throws a usage error that names what is wrong with it. */
export function parseDirectoryDescription(text: string, ref: string): DirectoryDescription {
  const refuse = (reason: string) => usageError(`The description ${quote(ref)} cannot be used: ${reason}.`);
  const value = parseYaml(text, refuse);
  const parsed = DirectoryDescription.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(`${issue?.path.join('.') || 'the file'} is not as it should be (${issue?.message})`);
}

/** JSON is YAML. */
function parseYaml(text: string, refuse: (reason: string) => Error): unknown {
  try {
    return parse(text, { maxAliasCount: MAX_YAML_ALIASES, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    throw refuse(errorText(error));
  }
}
