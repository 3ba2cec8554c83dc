import { signals } from '../../classifier/signals/index.generated.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { MAX_QUERY_CHARS } from '../limits.ts';
import {
  categoryPath,
  href,
  riskPath,
  searchPath,
  searchScriptPath,
  serversPath,
  signalsPath,
} from '../links.ts';
import { defineSitePage } from '../page.ts';
import { riskMark } from '../risk.ts';
import { titleOf } from '../signals.ts';
import { CATEGORIES, capitalised, count, number, RISKS } from '../words.ts';

export const page = defineSitePage({
  id: 'search',
  title: 'Search',
  summary:
    'Every tool by words of its name, its server and what is said about it, and by risk, category and signal.',
  *entries(site) {
    yield { path: searchPath, render: () => render(site) };
  },
});

function render(site: SiteSubject): string {
  const { settings, all, servers } = site;
  return layout({
    settings,
    path: searchPath,
    title: 'Search',
    description: `Search ${count(all.count, 'tool')} of MCP servers by words, risk, category and signal.`,
    script: searchScriptPath,
    unlisted: true,
    main: html`<header class="head">
<h1>Search</h1>
<p class="lead">${count(all.count, 'tool')} on ${count(servers.length, 'server')}, by words of the name, of the server and of how the description begins. Your browser does the search; no query leaves it.</p>
</header>
${otherWays()}
<section class="find" data-find hidden aria-label="Search">
${fields(site)}
<p class="keys note">Arrow keys go through the results, Enter opens one, Escape clears.</p>
<div data-status role="status"></div>
<ol class="results" data-results aria-label="Results"></ol>
<p><button type="button" data-more hidden>Show more</button></p>
${RISKS.map((risk) => html`<template data-mark="${risk}">${riskMark(risk)}</template>`)}
</section>`,
  });
}

function fields({ byRisk, byCategory, bySignal }: SiteSubject): Html {
  const known = new Set(signals.map(({ id }) => id));
  const ids = [...known, ...[...bySignal.keys()].filter((id) => !known.has(id))];
  const shown = ids.filter((id) => bySignal.has(id));
  return html`<form class="fields" role="search" action="${href(searchPath, searchPath)}">
<label class="wide">Words <input type="search" name="q" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="${MAX_QUERY_CHARS}"></label>
${choice(
  'risk',
  'Risk',
  RISKS.map((risk) => [risk, capitalised(risk), byRisk[risk].count]),
)}
${choice(
  'category',
  'Category',
  CATEGORIES.map((category) => [category, category, byCategory[category].count]),
)}
${choice(
  'signal',
  'Signal',
  shown.map((id) => [id, titleOf(id), bySignal.get(id)?.count ?? 0]),
)}
<button type="submit">Search</button>
</form>`;
}

function choice(name: string, label: string, options: readonly (readonly [string, string, number])[]): Html {
  return html`<label>${label} <select name="${name}"><option value="">Any</option>${options.map(
    ([value, words, n]) => html`<option value="${value}">${words} (${number(n)})</option>`,
  )}</select></label>`;
}

/** Stands there until the search has begun, and again where it fails. */
function otherWays(): Html {
  const to = (path: string) => href(searchPath, path);
  return html`<section class="find" data-otherwise>
<p class="note">The search needs JavaScript, and files of this site. Without them, every tool is found through the lists:</p>
<ul class="ways-in">
<li><a href="${to(serversPath())}">Servers</a></li>
<li><a href="${to(signalsPath)}">Signals</a></li>
${each(RISKS, (risk) => html`<li><a href="${to(riskPath(risk))}">${capitalised(risk)} risk</a></li>`)}
${each(CATEGORIES, (category) => html`<li><a href="${to(categoryPath(category))}">${category}</a></li>`)}
</ul>
</section>`;
}
