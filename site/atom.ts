import { hash } from 'node:crypto';
import type { CatalogueChange, ToolChange } from '../catalogue/contract.ts';
import { CHANGE_WORDS, riskStep } from './change-words.ts';
import type { SiteSettings } from './contract.ts';
import type { Html } from './html.ts';
import { MAX_FEED_ENTRIES, MAX_LABEL_CHARS } from './limits.ts';
import { absolute, href, toolPath } from './links.ts';
import { capitalised, shownName } from './words.ts';
import { XML_DECLARATION, xml, xmlText } from './xml.ts';

interface Feed {
  settings: SiteSettings;
  path: string;
  title: string;
  /** The page that tells the same. */
  page: string;
  /** When it was made, for a feed that has no entries; ISO 8601, UTC. */
  since: string;
  /** The newest first. */
  changes: readonly FeedChange[];
}

interface FeedChange {
  server: CatalogueChange['server'];
  change: Omit<ToolChange, 'definition'>;
}

/**
 * An Atom feed (RFC 4287) of changes, the newest first. Its ids are hashes of what is told, so they stay the same
 * wherever the site stands; its times come from the changes, never from a clock.
 */
export function atomFeed({ settings, path, title, page, since, changes }: Feed): string {
  const to = (target: string) => absolute(settings, target) ?? href(path, target);
  const shown = changes.slice(0, MAX_FEED_ENTRIES);
  const updated = shown.reduce<string | undefined>(
    (newest, { change }) => (newest === undefined || change.at > newest ? change.at : newest),
    undefined,
  );
  return xml`${XML_DECLARATION}
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${xmlText(title)}</title>
<id>${absolute(settings, path) ?? uuidOf(['feed', path])}</id>
<updated>${updated ?? since}</updated>
<author><name>Tool Risk Catalogue</name></author>
<link rel="self" type="application/atom+xml" href="${to(path)}"/>
<link rel="alternate" type="text/html" href="${to(page)}"/>
${shown.map((one) => entry(one, to))}</feed>
`.toString();
}

function entry({ server, change }: FeedChange, to: (target: string) => string): Html {
  const name = xmlText(shownName(change.name));
  const label = xmlText(shownName(server.label, MAX_LABEL_CHARS));
  return xml`<entry>
<title>${name} ${CHANGE_WORDS[change.kind]} on ${label}${change.raises && ': read it before you go on'}</title>
<id>${idOf(server.id, change)}</id>
<updated>${change.at}</updated>
<link rel="alternate" type="text/html" href="${to(toolPath(server, change))}"/>
<summary type="text">${summary(change)}</summary>
</entry>
`;
}

function summary(change: FeedChange['change']): string {
  return [riskStep(change), ...change.reasons, ...change.remarks]
    .filter((text) => text !== undefined)
    .map((text) => `${capitalised(xmlText(text))}.`)
    .join(' ');
}

/** What makes a change this one and no other, whichever feed tells it. */
function idOf(server: string, { kind, at, name, before, after }: FeedChange['change']): string {
  const states = [before, after].map((state) => [state?.hash, state?.position]);
  return uuidOf([server, kind, at, name, states]);
}

/** A UUID of version 8 (RFC 9562, section 5.8), which leaves its bits to us: they are of a SHA-256. */
function uuidOf(parts: unknown): string {
  const hex = hash('sha256', JSON.stringify(parts));
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${groups.join('-')}`;
}
