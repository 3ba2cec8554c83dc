import type { ToolDefinition } from '../../crawler/contract.ts';
import type { Evidence } from '../contract.ts';
import { quoteHolds } from '../evidence.ts';
import { type Parameter, readParameters } from '../parameters.ts';
import { MAX_SEARCHED_VALUES, MIN_QUOTE_CHARS } from './limits.ts';

type Place = Pick<Evidence, 'pointer' | 'quote' | 'parameter'>;

/** The parts of a definition that evidence may come from. A server's annotations are claims, and no evidence. */
const TEXTS = ['description', 'name', 'title'];
const SCHEMAS = ['inputSchema', 'outputSchema'];

/**
 * Where in a definition a quote stands verbatim: at the place that the model named (`name`, `title`, `description` or
 * a parameter's path) if it is there, or else at the first place that has it. Undefined when no place has it, or when
 * it is too short to show anything.
 */
export function locateQuote(definition: ToolDefinition, named: string, quote: string): Place | undefined {
  if (quote.length < MIN_QUOTE_CHARS) return undefined;
  const parameters = readParameters(definition.inputSchema);
  const holds = ({ pointer }: Place) => quoteHolds(definition.wire, { pointer, quote, note: '' });
  const candidates = [
    ...placesNamed(named, parameters),
    ...TEXTS.map((key) => ({ pointer: `/${key}` })),
    ...parameters.flatMap(placesOf),
  ].map((place) => ({ ...place, quote }));
  return candidates.find(holds) ?? searchSchemas(definition.wire, quote);
}

function placesNamed(named: string, parameters: readonly Parameter[]): Omit<Place, 'quote'>[] {
  const place = named.trim().replace(/^\//, '');
  if (TEXTS.includes(place)) return [{ pointer: `/${place}` }];
  return parameters.filter(({ path, name }) => path === place || name === place).flatMap(placesOf);
}

/** A parameter's description, the values that it may have, and its name. */
function placesOf({ pointer, path, choices, descriptionPointer }: Parameter): Omit<Place, 'quote'>[] {
  const described = descriptionPointer ?? `${pointer}/description`;
  const pointers = [described, ...choices.map((choice) => choice.pointer), pointer];
  return pointers.map((at) => ({ pointer: at, parameter: path }));
}

/** Looks through all texts of the schemas, level by level. */
function searchSchemas(wire: Record<string, unknown>, quote: string): Place | undefined {
  const queue: [pointer: string, value: unknown][] = SCHEMAS.filter((key) => Object.hasOwn(wire, key)).map(
    (key) => [`/${key}`, wire[key]],
  );
  for (const [pointer, value] of queue) {
    if (typeof value === 'string' && value.includes(quote)) return { pointer, quote };
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (queue.length >= MAX_SEARCHED_VALUES) break;
      queue.push([`${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, child]);
    }
  }
  return undefined;
}
