import type { DefinitionDiff, SchemaChange, TextDiff } from '../catalogue/contract.ts';
import { each, type Html, html } from './html.ts';
import { MAX_PARAMETER_CHARS, MAX_SCHEMA_CHANGES } from './limits.ts';
import { visible } from './visible.ts';
import { count, cut, shownName } from './words.ts';

/** What changed in a definition, as a reader sees it: what went and what came, in the server's own words. */
export function definitionDiff({
  title,
  description,
  schema,
  moreSchemaChanges,
  other,
}: DefinitionDiff): Html {
  const more = moreSchemaChanges + Math.max(0, schema.length - MAX_SCHEMA_CHANGES);
  return html`${title && textDiff('Title, said by the server', title)}${description && textDiff('Description, said by the server', description)}${
    (schema.length > 0 || other.length > 0) &&
    html`<ul class="changes">${each(schema.slice(0, MAX_SCHEMA_CHANGES), schemaChange)}${each(other, otherChange)}</ul>`
  }${more > 0 && html`<p class="note">${count(more, 'more change')} of its parameters not shown.</p>`}`;
}

function textDiff(label: string, { by, parts }: TextDiff): Html {
  const shown = parts.map((part) => {
    if (part.kind === 'omitted')
      return html`<span class="none">(${count(part.chars, 'character')} ${part.of})</span>`;
    const text = visible(part.text, { lines: true });
    if (part.kind === 'removed') return html`<del>${text}</del>`;
    return part.kind === 'added' ? html`<ins>${text}</ins>` : text;
  });
  return html`<figure class="said"><figcaption>${label}${by === 'whole' && '; the two have too little in common to be compared'}</figcaption><blockquote dir="auto">${shown}</blockquote></figure>`;
}

function schemaChange(change: SchemaChange): Html {
  const where = `${change.schema} ${change.path === '' ? 'schema' : 'parameter'}`;
  const name = change.path === '' ? '' : html` <bdi class="name mono">${shownName(change.path)}</bdi>`;
  return html`<li>${where}${name}: ${whatChanged(change)}</li>`;
}

function whatChanged(change: SchemaChange): Html | string {
  switch (change.change) {
    case 'added':
    case 'removed':
      return html`${change.change}, ${quoted(change.type)}${change.required && ', required'}${change.description !== undefined && html`, ${quoted(change.description)}`}`;
    case 'type':
      return html`type ${quoted(change.before)}, now ${quoted(change.after)}`;
    case 'required':
    case 'optional':
      return `now ${change.change}`;
    case 'description':
      return textDiff('Its description, said by the server', change.text);
    case 'choices':
      return html`choices ${change.added.map((choice) => html`<ins>${quoted(choice)}</ins> `)}${change.removed.map((choice) => html`<del>${quoted(choice)}</del> `)}`;
    case 'other':
      return html`${quoted(change.key)} ${change.before !== undefined && html`<del>${quoted(change.before)}</del> `}${change.after !== undefined && html`<ins>${quoted(change.after)}</ins>`}`;
  }
}

function otherChange({ key, before, after }: DefinitionDiff['other'][number]): Html {
  return html`<li>${quoted(key)}: ${before !== undefined && html`<del>${quoted(before)}</del> `}${after !== undefined && html`<ins>${quoted(after)}</ins>`}</li>`;
}

function quoted(text: string): Html {
  return html`<q class="inline-said" dir="auto">${visible(cut(text, MAX_PARAMETER_CHARS), { lines: true })}</q>`;
}
