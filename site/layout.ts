import type { SiteSettings } from './contract.ts';
import { type Html, html } from './html.ts';
import {
  aboutPath,
  absolute,
  attacksPath,
  builderPath,
  changesPath,
  homePath,
  href,
  iconPath,
  notFoundPath,
  pagesStylePath,
  scriptPath,
  searchPath,
  serversPath,
  signalsPath,
  stackPath,
  stylePath,
  themeScriptPath,
} from './links.ts';

/**
 * Nothing is loaded from elsewhere, and nothing that stands in a page runs or styles it. Scripts may read files of the
 * site itself, which the search and the tools of the site are made from.
 */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** What stands at the head of every page. */
const NAVIGATION: readonly [label: string, path: string][] = [
  ['Search', searchPath],
  ['Servers', serversPath()],
  ['Signals', signalsPath],
  ['Attacks', attacksPath],
  ['Changes', changesPath],
  ['My stack', stackPath],
  ['Policy builder', builderPath],
  ['About', aboutPath],
];

/** The pages of servers and tools, which do with one style sheet. */
const OF_A_SERVER = /^servers\/[^/]+\//;

interface Crumb {
  label: Html | string;
  path: string;
}

interface Layout {
  settings: SiteSettings;
  path: string;
  title: string;
  /** One sentence for those who find the page elsewhere. */
  description: string;
  /** The pages above this one, from the home page down. */
  crumbs?: readonly Crumb[];
  main: Html;
  /** A script of the site that this page alone needs. */
  script?: string;
  /** The same as data, and feeds: what stands in the head as `<link rel="alternate">`. */
  alternates?: readonly { type: string; path: string; title: string }[];
  /** What the page is about, in the words of schema.org. */
  linkedData?: Html | undefined;
  /** The page is not for those who search the web: the search itself, what is gone. */
  unlisted?: boolean;
}

/** A whole page around its content. */
export function layout(page: Layout): string {
  const { settings, path, title, description, crumbs = [], main } = page;
  const to = (target: string) => href(path, target);
  const own = absolute(settings, path === homePath ? '' : path);
  const { head, brand, ways, foot } = frame(settings, path);
  return html`<!doctype html>
<html lang="en">
<head>
${META}
<title>${title}</title>
<meta name="description" content="${description}">
${page.unlisted && html`<meta name="robots" content="noindex">`}
<meta property="og:type" content="website">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
${
  own !== undefined &&
  html`<meta property="og:url" content="${own}">
<link rel="canonical" href="${own}">`
}
${head}
${page.script !== undefined && html`<script defer src="${to(page.script)}"></script>`}
${page.alternates?.map((one) => html`<link rel="alternate" type="${one.type}" href="${to(one.path)}" title="${one.title}">\n`)}${page.linkedData}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<nav class="where" aria-label="Where this page stands"><ol>
${brand}
${crumbs.map((crumb) => html`<li class="crumb"><a href="${to(crumb.path)}">${crumb.label}</a></li>`)}
</ol></nav>
${ways}
</header>
<main id="main" tabindex="-1">
${main}
</main>
${foot}
</body>
</html>
`.toString();
}

const META = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">`;

/** What all pages of one folder have alike. */
interface Frame {
  head: Html;
  brand: Html;
  ways: Html;
  foot: Html;
}

const FRAMES = new Map<string, Frame>();

/** Made once for each depth of folders, and for each page that the navigation leads to. */
function frame({ basePath, classifierVersion }: SiteSettings, path: string): Frame {
  // A page that is shown at any address can only be styled from the root.
  const root = path === notFoundPath ? basePath : '../'.repeat(path.split('/').length - 1);
  const current = NAVIGATION.find(([, target]) => target === path)?.[1];
  const key = [root, current, OF_A_SERVER.test(path), classifierVersion].join(' ');
  const known = FRAMES.get(key);
  if (known !== undefined) return known;
  const made = makeFrame(root, current, OF_A_SERVER.test(path), classifierVersion);
  FRAMES.set(key, made);
  return made;
}

function makeFrame(
  root: string,
  current: string | undefined,
  isOfServer: boolean,
  classifierVersion: string,
): Frame {
  const styles = isOfServer ? [stylePath] : [stylePath, pagesStylePath];
  return {
    head: html`<link rel="icon" type="image/svg+xml" href="${root}${iconPath}">
${styles.map((style) => html`<link rel="stylesheet" href="${root}${style}">\n`)}<script src="${root}${themeScriptPath}"></script>
<script defer src="${root}${scriptPath}"></script>`,
    brand: html`<li><a class="brand" href="${root}${homePath}">Tool Risk Catalogue</a></li>`,
    ways: html`<nav class="ways" aria-label="The site"><ul>
${NAVIGATION.map(([label, target]) => html`<li><a href="${root}${target}"${target === searchPath && html` data-search`}${target === current && html` aria-current="page"`}>${label}</a></li>`)}
</ul></nav>`,
    foot: html`<footer class="foot">
<p>Judged by classifier ${classifierVersion} from what each server says about its tools; the tools were not run. <a href="${root}${aboutPath}">How verdicts come about</a>, and how to contest one.</p>
</footer>`,
  };
}
