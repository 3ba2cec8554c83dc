import type { Evidence } from '../../classifier/contract.ts';
import type { Parameter } from '../../classifier/parameters.ts';
import { placeOf, presentFindings } from '../evidence.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_PARAMETER_CHARS, MAX_PARAMETERS } from '../limits.ts';
import { nameOf } from '../said.ts';
import { visible } from '../visible.ts';
import { count, cut } from '../words.ts';
import type { Subject } from './subject.ts';

const MAX_CHOICES_SHOWN = 8;

/** The pins of the part: every parameter, and the signals at the parameter that they are about. */
export function parameters(subject: Subject): Html {
  const all = subject.parameters;
  return html`<section aria-labelledby="parameters">
<h2 id="parameters">Parameters</h2>
${all.length === 0 ? html`<p class="note">${noParameters(subject)}</p>` : table(subject, all.slice(0, MAX_PARAMETERS))}
${all.length > MAX_PARAMETERS && html`<p class="note">${count(all.length - MAX_PARAMETERS, 'more parameter')} not shown.</p>`}
</section>`;
}

function noParameters({ tool }: Subject): string {
  const sent = tool.definition.wire.inputSchema;
  if (sent === undefined || sent === null) return 'Unknown: the server sent no input schema.';
  if (tool.definition.inputSchema !== sent)
    return 'Unknown: what the server sent as the input schema is not an object.';
  return 'The input schema names none.';
}

function table(subject: Subject, rows: readonly Parameter[]): Html {
  return html`<table class="grid parameters">
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Required</th><th scope="col">Description, said by the server</th></tr></thead>
<tbody>${each(rows, (parameter) => row(subject, parameter))}</tbody>
</table>`;
}

function row(subject: Subject, parameter: Parameter): Html {
  const evidence = evidenceAt(subject, parameter);
  return html`<tr><th scope="row" class="mono">${nameOf(parameter.path)}${signalsAt(subject, parameter)}</th>
<td class="mono">${nameOf(typeOf(parameter))}</td><td data-label="Required">${parameter.required ? 'Yes' : 'No'}</td>
<td class="words" dir="auto">${descriptionOf(parameter)}${choicesOf(parameter)}${subject.references.cite(evidence)}</td></tr>`;
}

function signalsAt({ signals }: Subject, parameter: Parameter): Html[] {
  return signals
    .filter((signal) => signal.parameters.includes(parameter.path))
    .map((signal) => html`<a class="at" href="#s-${signal.id}">${visible(signal.label)}</a>`);
}

function evidenceAt({ tool, parameters: all }: Subject, parameter: Parameter): Evidence[] {
  return presentFindings(tool.classification)
    .flatMap((finding) => finding.evidence)
    .filter(
      (one) =>
        one.pointer.startsWith('/inputSchema/') && placeOf(one.pointer, all).parameter === parameter.path,
    );
}

function typeOf({ types, itemTypes, format }: Parameter): string {
  const items = itemTypes.length > 0 ? itemTypes.join(' | ') : undefined;
  const names = types.map((type) => (type === 'array' && items !== undefined ? `array of ${items}` : type));
  const type = names.length === 0 ? 'any' : names.join(' | ');
  return format === undefined ? type : `${type} (${format})`;
}

function descriptionOf({ description }: Parameter): Html | string {
  if (description === undefined || description.trim() === '') return html`<span class="none">(none)</span>`;
  return `${visible(cut(description, MAX_PARAMETER_CHARS), { lines: true })} `;
}

function choicesOf({ choices }: Parameter): Html | false {
  if (choices.length === 0) return false;
  const shown = choices
    .slice(0, MAX_CHOICES_SHOWN)
    .map(({ value }) => html`<code>${nameOf(value, 60)}</code> `);
  const more = choices.length - MAX_CHOICES_SHOWN;
  return html`<span class="choices">One of: ${shown}${more > 0 && `and ${more} more`}</span> `;
}
