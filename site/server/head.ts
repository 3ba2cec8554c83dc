import type { ScanRecord, ServerView } from '../../catalogue/contract.ts';
import { each, type Html, html, joined } from '../html.ts';
import { href, outsideLink, policyPath, policySchemaPath } from '../links.ts';
import { nameOf, said, saidText } from '../said.ts';
import { visible } from '../visible.ts';
import { count, minute, shownName } from '../words.ts';

/** What the server is, how it stands, and the way to its policy. */
export function head(server: ServerView, path: string): Html {
  const tools = server.tools.length;
  return html`<header class="head">
<p class="kicker">MCP server</p>
<h1>${nameOf(server.label)}</h1>
<p class="lead">${summary(server)}</p>
${tools > 0 && html`<p class="links"><a href="${href(path, policyPath(server))}">policy.json with a rule for ${tools === 1 ? 'its tool' : `each of the ${tools} tools`}</a>, after this <a href="${href(path, policySchemaPath)}">JSON Schema</a></p>`}
</header>
${notices(server)}`;
}

/** Whether what is shown is older than the newest scan, because that scan listed nothing. */
function isStale(server: ServerView): boolean {
  return server.listing !== undefined && server.lastScan.status === 'failed';
}

/** One sentence on where the server stands. */
export function summary(server: ServerView): string {
  const { listing, lastScan } = server;
  if (listing === undefined)
    return `No scan has listed its tools; the newest was on ${minute(lastScan.observedAt)}.`;
  const says = listing.provenance === 'declared' ? 'It was declared with' : 'It listed';
  const tools = `${says} ${server.tools.length === 0 ? 'no tools' : count(server.tools.length, 'tool')}`;
  return `${tools} on ${minute(listing.observedAt)}.`;
}

/** Whatever a reader must know before trusting the list: a failure, an old list, a list that is not whole. */
function notices(server: ServerView): Html {
  const { listing, lastScan } = server;
  return html`${lastScan.status === 'failed' && failure(server)}
${listing?.provenance === 'declared' && notice('Declared, not observed', [html`<p>These tools were written down where the server was found; the server itself was not asked. It may have others.</p>`])}
${listing?.status === 'partial' && notice('The list is not complete', [html`<p>The scan could not read all of it, so the server has more than is shown here.</p>`])}
${listing !== undefined && server.tools.length === 0 && notice('No tools', [html`<p>${whyEmpty(listing)}</p>`])}
${listing !== undefined && listing.warnings.length > 0 && notice('Warnings of the scan', [list(listing.warnings.map((text) => visible(text)))])}
${
  listing !== undefined &&
  listing.rejected.length > 0 &&
  notice('Entries that are not tools', [
    html`<p>${count(listing.rejected.length, 'entry', 'entries')} of the list could not be read as a tool and has no page.</p>`,
    list(
      listing.rejected.map(
        ({ position, label, reason }) =>
          html`Entry ${position}${label !== undefined && html` (<span class="mono">${nameOf(label)}</span>)`}: ${visible(reason)}`,
      ),
    ),
  ])
}`;
}

function failure(server: ServerView): Html {
  const { lastScan, listing } = server;
  const { failure: fault, phase } = lastScan;
  const title = isStale(server) ? 'The newest scan failed; what is shown is older' : 'The scan failed';
  const older =
    listing !== undefined &&
    html`<p>The tools below were listed on ${minute(listing.observedAt)}. Whether the server still has them is unknown.</p>`;
  return notice(title, [
    html`<p>On ${minute(lastScan.observedAt)}, phase <code>${phase ?? 'unknown'}</code>, code <code>${fault?.code ?? 'unknown'}</code>: ${visible(fault?.message ?? 'no reason was recorded')}</p>`,
    fault?.detail !== undefined &&
      said('More, as the server or its starter wrote it', saidText(fault.detail)),
    older,
  ]);
}

function whyEmpty({ rejected }: ScanRecord): string {
  if (rejected.length > 0) return 'It answered with a list, and nothing on the list could be read as a tool.';
  return 'It started, spoke the protocol and answered with an empty list. Some servers list tools only when they are given credentials or arguments.';
}

function notice(title: string, body: readonly unknown[]): Html {
  return html`<section class="notice"><h2>${title}</h2>
${body}</section>`;
}

function list(items: readonly unknown[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** How the list came about, because what a server lists depends on how it was started and asked. */
export function listingFacts(server: ServerView): Html {
  const scan = server.listing ?? server.lastScan;
  const { serverInfo, context } = scan;
  const calledItself = [serverInfo.title ?? serverInfo.name, serverInfo.version].filter(
    (part) => part !== undefined,
  );
  const rows: [string, unknown][] = [
    ['Known here as', html`<code>${visible(server.id)}</code>`],
    [
      'Found through',
      joined(
        server.origins.map(
          ({ source, ref, version }) =>
            html`${visible(source)}: <code>${visible(ref)}</code>${version !== undefined && ` version ${visible(version)}`}`,
        ),
        ', ',
      ),
    ],
    ['Reached by', transport(server)],
    ['Kept apart by', isolation(scan)],
    [
      'Arguments',
      context.args.length === 0
        ? 'none'
        : joined(
            context.args.map((arg) => html`<code>${shownName(arg)}</code>`),
            ' ',
          ),
    ],
    [
      'Variables passed',
      context.envNames.length === 0
        ? 'none'
        : joined(
            context.envNames.map((name) => html`<code>${shownName(name)}</code>`),
            ' ',
          ),
    ],
    ['Client capabilities', html`<code>${visible(JSON.stringify(context.clientCapabilities))}</code>`],
    [
      'Protocol version',
      context.protocolVersion === undefined
        ? 'unknown'
        : html`<code>${visible(context.protocolVersion)}</code>`,
    ],
    [
      'Calls itself',
      calledItself.length === 0
        ? 'unknown'
        : html`<q class="inline-said" dir="auto">${calledItself.map((part) => shownName(part)).join(' ')}</q>`,
    ],
    [
      'Listed',
      html`<time datetime="${scan.observedAt}">${minute(scan.observedAt)}</time>, in ${(scan.durationMs / 1000).toFixed(1)} s`,
    ],
    ['First seen', html`<time datetime="${server.firstSeenAt}">${minute(server.firstSeenAt)}</time>`],
  ];
  const shown = rows.filter(([term]) => scan.status !== 'failed' || term !== 'Listed');
  return html`<section aria-labelledby="listed">
<h2 id="listed">${scan.status === 'failed' ? 'How it was tried' : 'How it was listed'}</h2>
<dl class="facts wide">${each(shown, ([term, value]) => html`<div class="fact"><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
${scan.instructions !== undefined && scan.instructions.trim() !== '' && html`<details><summary>Instructions that the server gives to a model</summary>${said('Instructions, said by the server', saidText(scan.instructions))}</details>`}
</section>`;
}

const ISOLATION = {
  none: 'nothing; it ran as a program of this machine',
  bubblewrap: 'bubblewrap, without a network',
  docker: 'a container, without a network',
} as const;

function isolation({ context, provenance }: ScanRecord): string {
  if (provenance === 'declared') return 'nothing was run';
  return context.isolation === undefined ? 'nothing was run here' : ISOLATION[context.isolation];
}

function transport({ transport: to }: ServerView): Html {
  if (to.kind === 'stdio') return html`standard input and output of <code>${visible(to.command)}</code>`;
  const headers =
    to.headerNames.length > 0 &&
    html`, with the headers ${joined(
      to.headerNames.map((name) => html`<code>${visible(name)}</code>`),
      ', ',
    )}`;
  return html`HTTP, ${outsideLink(to.url)}${headers}`;
}
