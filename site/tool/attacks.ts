import { rolesOf } from '../../classifier/combinations.ts';
import type { Attack } from '../attack.ts';
import { attacksFor, needsNoAccess } from '../attacks.ts';
import { each, type Html, html, joined } from '../html.ts';
import { MAX_ATTACKS } from '../limits.ts';
import { attackPath, attacksPath, href } from '../links.ts';
import { prose } from '../reference/prose.ts';
import type { Subject } from './subject.ts';

/** What the access that this tool gives has been used for elsewhere; false where no pattern uses it. */
export function attackPatterns({ tool, path }: Subject): Html | false {
  const { definition, classification } = tool;
  const attacks = attacksFor(classification, rolesOf(definition.name, classification));
  if (attacks.length === 0) return false;
  const own = attacks.filter((attack) => !needsNoAccess(attack)).slice(0, MAX_ATTACKS);
  const any = attacks.filter(needsNoAccess).map((attack) => link(path, attack));
  return html`<section aria-labelledby="attacks">
<h2 id="attacks">Attack patterns that use this kind of access</h2>
${
  own.length === 0
    ? html`<p>None is about the access that this tool gives.</p>`
    : html`<dl class="findings">${each(own, (attack) => html`<div><dt>${link(path, attack)}</dt><dd>${prose(attack.summary)}</dd></div>`)}</dl>`
}
<p>${any.length > 0 && html`Any tool can serve these: ${joined(any, ', ')}. `}<a href="${href(path, attacksPath)}">All attack patterns</a></p>
</section>`;
}

function link(path: string, { id, title }: Attack): Html {
  return html`<a href="${href(path, attackPath(id))}">${title}</a>`;
}
