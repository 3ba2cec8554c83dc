import type { Category, RiskLevel } from '../../classifier/contract.ts';
import type { SearchQuery } from '../search/search.ts';
import { CATEGORIES, RISKS } from '../words.ts';

/** What a reader can type and choose. */
export interface SearchFields {
  form: HTMLFormElement;
  words: HTMLInputElement;
  risk: HTMLSelectElement;
  category: HTMLSelectElement;
  signal: HTMLSelectElement;
}

interface Handlers {
  /** A letter was typed; more may follow. */
  typed(): void;
  /** Something was chosen, cleared or sent off. */
  chosen(): void;
}

/** Fills the fields from the address and says when they change. */
export function setUpFields(fields: SearchFields, { typed, chosen }: Handlers): void {
  const { form, words, ...selects } = fields;
  const given = new URLSearchParams(location.search);
  words.value = given.get('q') ?? '';
  for (const [name, select] of Object.entries(selects)) {
    // A value that is not on the list leaves "any".
    select.value = given.get(name) ?? '';
    if (select.selectedIndex < 0) select.value = '';
    select.addEventListener('change', chosen);
  }
  words.addEventListener('input', typed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    chosen();
  });
  form.parentElement?.addEventListener('keydown', (event) => {
    // In a list of choices the key closes the list.
    if (event.key !== 'Escape' || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    // First the words, then the filters.
    if (words.value !== '') words.value = '';
    else for (const select of Object.values(selects)) select.value = '';
    words.focus();
    chosen();
  });
}

/** What is asked for, and the same as the address keeps it; nothing where nothing is asked for. */
export function readFields({ words, risk, category, signal }: SearchFields): {
  query: SearchQuery;
  state: URLSearchParams;
} {
  const state = new URLSearchParams();
  if (words.value.trim() !== '') state.set('q', words.value);
  for (const select of [risk, category, signal])
    if (select.value !== '') state.set(select.name, select.value);
  const query: SearchQuery = {
    words: words.value,
    risk: RISKS.find((level): level is RiskLevel => level === risk.value),
    category: CATEGORIES.find((each): each is Category => each === category.value),
    signal: signal.value === '' ? undefined : signal.value,
  };
  return { query, state };
}
