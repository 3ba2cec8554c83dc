/** Puts the state of a page into its address without a new entry in the history; a page opened from a file keeps none. */
export function rememberState(state: URLSearchParams): void {
  const query = state.toString();
  const search = query === '' ? '' : `?${query}`;
  if (search === location.search) return;
  try {
    history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  } catch {
    // A browser may forbid this for pages that come from no server.
  }
}
