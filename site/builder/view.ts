import { each, type Html, html } from '../html.ts';
import { riskMark } from '../risk.ts';
import { RISKS } from '../words.ts';

/** What pages that compute in the browser have in common. */

/** The marks of the risks, for the script to copy. */
export function riskTemplates(): Html {
  return html`${RISKS.map((risk) => html`<template id="mark-${risk}">${riskMark(risk)}</template>`)}`;
}

/** What a reader without JavaScript is told: what the page would do, and the commands that do the same. */
export function withoutScripts(
  what: string,
  commands: readonly (readonly [command: string, does: string])[],
): Html {
  return html`<noscript>
<section class="notice">
<h2>This page works with JavaScript</h2>
<p>${what} On the command line:</p>
<dl class="facts wide">${each(commands, ([command, does]) => html`<div class="fact commands"><dt><code>${command}</code></dt><dd>${does}</dd></div>`)}</dl>
</section>
</noscript>`;
}

/** A field that finds a server by its name; the script puts what it finds into the list. */
export function serverField(id: string, label: string): Html {
  return html`<div class="server-field" id="${id}">
<label for="${id}-input">${label}</label>
<input type="search" id="${id}-input" autocomplete="off" spellcheck="false" aria-describedby="${id}-status">
<p class="of" role="status" id="${id}-status"></p>
<ul aria-label="Servers found"></ul>
</div>`;
}
