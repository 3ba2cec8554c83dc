import type { Parameter } from '../../classifier/parameters.ts';
import { placeOf } from '../../site/evidence.ts';
import { MAX_PARAMETER_CHARS, MAX_PARAMETERS } from '../../site/limits.ts';
import type { ToolTwin } from '../../site/published.ts';
import { visible } from '../../site/visible.ts';
import { cut, shownName } from '../../site/words.ts';
import type { Quotes } from './quotes.ts';

const MAX_CHOICES_SHOWN = 8;

/** The rows of a tool's table of parameters, and how many are left out. */
export function parameterRows({ signals }: ToolTwin, parameters: readonly Parameter[], quotes: Quotes) {
  const evidence = signals.flatMap((signal) => signal.evidence);
  const aboutParameters = evidence.filter(({ pointer }) => pointer.startsWith('/inputSchema/'));
  const byPath = Map.groupBy(aboutParameters, ({ pointer }) => placeOf(pointer, parameters).parameter);
  const rows = parameters.slice(0, MAX_PARAMETERS).map((parameter) => {
    const { path, required, description = '', choices } = parameter;
    return {
      path: shownName(path),
      type: shownName(typeOf(parameter)),
      required,
      description:
        description.trim() === '' ? '' : visible(cut(description, MAX_PARAMETER_CHARS), { lines: true }),
      choices: choices.slice(0, MAX_CHOICES_SHOWN).map(({ value }) => shownName(value, 60)),
      morechoices: Math.max(0, choices.length - MAX_CHOICES_SHOWN),
      signals: signals
        .filter((signal) => signal.parameters.includes(path))
        .map(({ id, label }) => ({ id, label: visible(label) })),
      cites: quotes.numbersOf(byPath.get(path) ?? []),
    };
  });
  return { rows, more: parameters.length - rows.length };
}

function typeOf({ types, itemTypes, format }: Parameter): string {
  const items = itemTypes.length > 0 ? itemTypes.join(' | ') : undefined;
  const names = types.map((type) => (type === 'array' && items !== undefined ? `array of ${items}` : type));
  const type = names.length === 0 ? 'any' : names.join(' | ');
  return format === undefined ? type : `${type} (${format})`;
}
