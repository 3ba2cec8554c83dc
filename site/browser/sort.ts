/** Makes the headings of tables sort them: once for one order, again for the other. */
export function setUpSorts(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('[data-sortable]')) setUpSort(table);
}

function setUpSort(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener('click', () => {
      const descending = heading.getAttribute('aria-sort') === 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const sorted = [...(body?.rows ?? [])].sort((a, b) => compare(keyOf(a, column), keyOf(b, column)));
      body?.append(...(descending ? sorted.reverse() : sorted));
    });
  }
}

function keyOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return cell?.dataset.value ?? cell?.textContent.trim() ?? '';
}

function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Number(text.replaceAll(',', '')));
  if (x === undefined || y === undefined || Number.isNaN(x) || Number.isNaN(y)) return a.localeCompare(b);
  return x - y;
}
