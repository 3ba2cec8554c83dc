import type { Catalogue, ServerName } from '../catalogue/catalogue.ts';
import type { ServerView } from '../catalogue/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { visible } from '../site/visible.ts';

/**
 * The server that a person means: by slug, id or label, or by a part of one that fits no other server.
 * Throws a usage error when there is none, or more than one.
 */
export async function findServer(catalogue: Catalogue, reference: string): Promise<ServerView> {
  const names = await catalogue.serverNames();
  const name = pick(names, reference);
  const [server] = (await catalogue.view(name.slug)).servers;
  if (server === undefined) throw new Error(`server ${name.slug} has no scan`);
  return server;
}

function pick(names: readonly ServerName[], reference: string): ServerName {
  const exact = names.filter((name) => Object.values(name).includes(reference));
  const part = reference.toLowerCase();
  const near = names.filter((name) => Object.values(name).some((text) => text.toLowerCase().includes(part)));
  const [found, ...others] = exact.length > 0 ? exact : near;
  if (found === undefined) {
    throw usageError(
      `there is no server '${visible(reference)}' in the catalogue. \`catalogue list\` shows those that are; ` +
        '`catalogue scan` adds one.',
    );
  }
  if (others.length > 0) {
    const slugs = [found, ...others].map((name) => name.slug).join(', ');
    throw usageError(`'${visible(reference)}' fits several servers: ${slugs}. Give one of these names.`);
  }
  return found;
}
