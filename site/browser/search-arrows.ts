import type { SearchView } from './search-view.ts';

/** Lets the arrow keys go from the field through the results to "more", and back. */
export function setUpSearchArrows({ fields, results, more, section }: SearchView): void {
  section.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const stops = [
      fields.words,
      ...results.querySelectorAll<HTMLElement>('a'),
      ...(more.hidden ? [] : [more]),
    ];
    const at = event.target instanceof HTMLElement ? stops.indexOf(event.target) : -1;
    const next = stops[at + step];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  });
}
