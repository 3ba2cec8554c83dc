import type { CatalogueView } from '../catalogue/contract.ts';
import { type Html, html } from './html.ts';
import { homePath, href, iconPath, scriptPath, stylePath } from './links.ts';
import { count, minute } from './words.ts';

/** Nothing is loaded from elsewhere, and nothing that stands in a page runs or styles it. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

interface Crumb {
  label: Html | string;
  path: string;
}

interface Layout {
  view: CatalogueView;
  path: string;
  title: string;
  /** One sentence for those who find the page elsewhere. */
  description: string;
  /** The pages above this one, from the home page down. */
  crumbs?: readonly Crumb[];
  main: Html;
}

/** A whole page around its content. */
export function layout({ view, path, title, description, crumbs = [], main }: Layout): string {
  const to = (target: string) => href(path, target);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<meta name="description" content="${description}">
<link rel="icon" type="image/svg+xml" href="${to(iconPath)}">
<link rel="stylesheet" href="${to(stylePath)}">
<script defer src="${to(scriptPath)}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<nav aria-label="Where this page stands"><ol>
<li><a class="brand" href="${to(homePath)}">Tool Risk Catalogue</a></li>
${crumbs.map((crumb) => html`<li class="crumb"><a href="${to(crumb.path)}">${crumb.label}</a></li>`)}
</ol></nav>
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer class="foot">
<p>${newestScan(view)} Judged by classifier ${view.classifierVersion} from what each server says about its tools; the tools were not run.</p>
<p>Wrong or unfair? <code>docs/verdicts.md</code> in the project’s repository says how to contest a verdict.</p>
</footer>
</body>
</html>
`.toString();
}

function newestScan(view: CatalogueView): string {
  const servers = count(view.servers.length, 'server');
  return view.takenAt === undefined
    ? 'No server has been scanned yet.'
    : `${servers}, newest scan ${minute(view.takenAt)}.`;
}
