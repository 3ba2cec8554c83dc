import type { ServerView, ToolView } from '../catalogue/contract.ts';
import type { SiteSettings } from './contract.ts';
import { type Html, jsonScript } from './html.ts';
import { absolute, serverPath, toolPath } from './links.ts';
import { shownName } from './words.ts';

/**
 * What a page is about, in the words of schema.org, for those who read pages by machine. It says what the page says and
 * no more: no ratings, no offers, no reviews, which the catalogue does not have.
 */

const SITE_NAME = 'Tool Risk Catalogue';

/** Linked data of a tool's page; undefined where the site does not know its address, which linked data is made of. */
export function toolLinkedData(
  settings: SiteSettings,
  server: Pick<ServerView, 'slug' | 'label'>,
  { slug, definition }: Pick<ToolView, 'slug' | 'definition'>,
): Html | undefined {
  return webPage(settings, toolPath(server, { slug }), shownName(definition.name), [
    { name: shownName(server.label), path: serverPath(server) },
  ]);
}

/** Linked data of a server's page; undefined where the site does not know its address. */
export function serverLinkedData(
  settings: SiteSettings,
  server: Pick<ServerView, 'slug' | 'label'>,
): Html | undefined {
  return webPage(settings, serverPath(server), shownName(server.label), []);
}

interface Above {
  name: string;
  path: string;
}

function webPage(
  settings: SiteSettings,
  path: string,
  name: string,
  above: readonly Above[],
): Html | undefined {
  const url = absolute(settings, path);
  if (url === undefined) return undefined;
  const trail = [{ name: SITE_NAME, path: '' }, ...above];
  const crumbs = trail.map((crumb) => ({ name: crumb.name, item: absolute(settings, crumb.path) }));
  const [server = name] = above.map((crumb) => crumb.name);
  return jsonScript({
    '@context': 'https://schema.org',
    '@type': 'WebPage',
    name,
    url,
    about: { '@type': 'SoftwareApplication', name: server },
    breadcrumb: {
      '@type': 'BreadcrumbList',
      itemListElement: [...crumbs, { name }].map((crumb, index) => ({
        '@type': 'ListItem',
        position: index + 1,
        ...crumb,
      })),
    },
  });
}
