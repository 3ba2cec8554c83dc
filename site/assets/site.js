// Everything here adds to pages that can be read without it: copying, filtering and sorting.

for (const button of document.querySelectorAll('[data-copy]')) setUpCopy(button);
for (const filter of document.querySelectorAll('[data-filter]')) setUpFilter(filter);
for (const table of document.querySelectorAll('[data-sortable]')) setUpSort(table);

/** @param {HTMLButtonElement} button */
function setUpCopy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    const done = await copy(source);
    button.textContent = done ? 'Copied' : 'Selected: press Ctrl+C';
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

/** Copies the element's text, or selects it where the browser does not let a page write to the clipboard. */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return false;
  }
}

/** Filters the rows of a table by words, and by the entries of the bar above it. Its state is in the address. */
function setUpFilter(filter) {
  const id = filter.dataset.filter;
  const rows = [...document.getElementById(id).tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const input = filter.querySelector('input');
  const output = filter.querySelector('output');
  const entries = [...document.querySelectorAll(`[data-filters="${id}"] a`)];
  const wanted = new URLSearchParams(location.search);

  filter.hidden = false;
  input.value = wanted.get('q') ?? '';
  for (const entry of entries) {
    entry.addEventListener('click', (event) => {
      event.preventDefault();
      const { key, value } = entry.dataset;
      if (wanted.get(key) === value) wanted.delete(key);
      else wanted.set(key, value);
      apply();
    });
  }
  input.addEventListener('input', apply);
  apply();

  function apply() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [index, row] of rows.entries()) {
      const matches =
        words.every((word) => texts[index].includes(word)) &&
        ['risk', 'category'].every((key) => !wanted.has(key) || row.dataset[key] === wanted.get(key));
      row.hidden = !matches;
      if (matches) shown++;
    }
    for (const entry of entries) {
      if (wanted.get(entry.dataset.key) === entry.dataset.value) entry.setAttribute('aria-current', 'true');
      else entry.removeAttribute('aria-current');
    }
    output.textContent = shown === rows.length ? '' : `${shown} of ${rows.length}`;
    if (words.length > 0) wanted.set('q', input.value);
    else wanted.delete('q');
    remember(wanted);
  }
}

/** Puts the state into the address without a new entry in the history; a page opened from a file keeps none. */
function remember(wanted) {
  const query = wanted.toString();
  const search = query === '' ? '' : `?${query}`;
  if (search === location.search) return;
  try {
    history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  } catch {
    // A browser may forbid this for pages that come from no server.
  }
}

/** Makes the headings of a table sort it: once for one order, again for the other. */
function setUpSort(table) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener('click', () => {
      const descending = heading.getAttribute('aria-sort') === 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const sorted = [...body.rows].sort((a, b) =>
        compare(sortKey(a.cells[column]), sortKey(b.cells[column])),
      );
      body.append(...(descending ? sorted.reverse() : sorted));
    });
  }
}

function sortKey(cell) {
  return cell.dataset.value ?? cell.textContent.trim();
}

function compare(a, b) {
  const numbers = [a, b].map((text) => Number(text.replaceAll(',', '')));
  return numbers.some(Number.isNaN) ? a.localeCompare(b) : numbers[0] - numbers[1];
}
