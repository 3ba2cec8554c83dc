/** Makes `/` lead to the search from everywhere, unless the reader is writing. */
export function setUpSearchKey(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target))
      return;
    event.preventDefault();
    const field = document.querySelector<HTMLInputElement>('[role="search"] input[type="search"]');
    if (field !== null) {
      field.focus();
      field.select();
      return;
    }
    document.querySelector<HTMLAnchorElement>('a[data-search]')?.click();
  });
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
