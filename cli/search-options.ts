import { MAX_SEARCH_RESULTS } from '../catalogue/limits.ts';
import type { SearchQuery } from '../catalogue/search-contract.ts';
import { queryWords } from '../catalogue/search-query.ts';
import { Category, RiskLevel } from '../classifier/contract.ts';
import { signals } from '../classifier/signals/index.generated.ts';
import { usageError } from '../crawler/fault.ts';
import { nearest } from '../policy/nearest.ts';
import { visible } from '../site/visible.ts';
import { listed } from '../site/words.ts';

/** The options as commander reads them. */
export interface SearchOptions {
  risk?: string[];
  category?: string[];
  signal?: string[];
  server?: string;
  origin?: string;
  limit: string;
  after?: string;
}

/** Reads what is searched for. Throws a usage error that names the option and the nearest thing that it takes. */
export function readSearch(words: readonly string[], options: SearchOptions): SearchQuery {
  const { risk = [], category = [], signal = [], server, origin, after } = options;
  const text = words.join(' ');
  if (text.trim() !== '' && queryWords(text).length === 0) {
    throw usageError(`there is no word to search for in '${visible(text)}'.`);
  }
  const ids = signals.map(({ id }) => id);
  return {
    words: text,
    risks: risk.map((value) => known('--risk', value, RiskLevel.options)),
    categories: category.map((value) => known('--category', value, Category.options)),
    signals: signal.map((value) => known('--signal', value, ids)),
    limit: readLimit(options.limit),
    ...(server !== undefined && { server }),
    ...(origin !== undefined && { origin }),
    ...(after !== undefined && { after }),
  };
}

/** A short list is told in the error, and of a long one the nearest. */
const MAX_TOLD = 5;

function known<Value extends string>(option: string, given: string, values: readonly Value[]): Value {
  const found = values.find((value) => value.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(given, values);
  const few = values.length <= MAX_TOLD ? ` It takes ${listed(values)}.` : '';
  const hint = near === undefined ? few : ` Did you mean ${near}?`;
  throw usageError(`${option} does not know '${visible(given)}'.${hint}`);
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_SEARCH_RESULTS) return limit;
  throw usageError(`--limit takes a whole number from 1 to ${MAX_SEARCH_RESULTS}, not '${visible(text)}'.`);
}
