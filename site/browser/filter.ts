import { rememberState } from './address.ts';

/** What the bar above a table filters by; each row has both as data. */
const KEYS = ['risk', 'category'];

/** Makes the fields that filter tables. */
export function setUpFilters(): void {
  for (const filter of document.querySelectorAll<HTMLElement>('[data-filter]')) setUpFilter(filter);
}

/** Filters the rows of a table by words, and by the entries of the bar above it. Its state is in the address. */
function setUpFilter(filter: HTMLElement): void {
  const id = filter.dataset.filter ?? '';
  const table = document.getElementById(id);
  const input = filter.querySelector('input');
  const output = filter.querySelector('output');
  if (!(table instanceof HTMLTableElement) || input === null || output === null) return;
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const entries = [...document.querySelectorAll<HTMLElement>(`[data-filters="${id}"] a`)];
  const wanted = new URLSearchParams(location.search);

  filter.hidden = false;
  input.value = wanted.get('q') ?? '';
  for (const entry of entries) {
    entry.addEventListener('click', (event) => {
      event.preventDefault();
      const { key = '', value = '' } = entry.dataset;
      if (wanted.get(key) === value) wanted.delete(key);
      else wanted.set(key, value);
      apply();
    });
  }
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [index, row] of rows.entries()) {
      const matches =
        words.every((word) => texts[index]?.includes(word)) &&
        KEYS.every((key) => !wanted.has(key) || row.dataset[key] === wanted.get(key));
      row.hidden = !matches;
      if (matches) shown++;
    }
    for (const entry of entries) {
      const { key = '', value } = entry.dataset;
      if (wanted.get(key) === value) entry.setAttribute('aria-current', 'true');
      else entry.removeAttribute('aria-current');
    }
    output.textContent = shown === rows.length ? '' : `${shown} of ${rows.length}`;
    if (words.length > 0) wanted.set('q', input.value);
    else wanted.delete('q');
    rememberState(wanted);
  };
  input.addEventListener('input', apply);
  apply();
}
