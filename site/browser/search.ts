import { RESULTS_AT_ONCE, SEARCH_WAIT_MS } from '../limits.ts';
import { href, searchPath } from '../links.ts';
import { type Load, openFiles, type SearchFiles } from '../search/files.ts';
import { type SearchAnswer, search } from '../search/search.ts';
import { rememberState } from './address.ts';
import { setUpSearchArrows } from './search-arrows.ts';
import { readFields, setUpFields } from './search-fields.ts';
import { answerWords, resultOf, type SearchView, viewOf } from './search-view.ts';

// The search page: reads the index that stands beside it, a few small files for each query.

function start(view: SearchView): void {
  const { fields, results, more, status, section, otherwise } = view;
  let opened: Promise<SearchFiles> | undefined;
  let running = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let wanted = RESULTS_AT_ONCE;

  function open(): Promise<SearchFiles> {
    opened ??= openFiles(load).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  /** Asks anew; whatever was asked before is called off. */
  async function run(): Promise<void> {
    clearTimeout(waiting);
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const { query, state } = readFields(fields);
    rememberState(state);
    if (state.size === 0) {
      results.replaceChildren();
      status.replaceChildren();
      more.hidden = true;
      return;
    }
    section.setAttribute('aria-busy', 'true');
    try {
      const answer = await search(await open(), query, wanted, signal);
      if (!signal.aborted) show(answer, state.toString());
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
    if (!signal.aborted) section.removeAttribute('aria-busy');
  }

  function show(answer: SearchAnswer, state: string): void {
    const isSame = results.dataset.state === state;
    const shown = isSame ? results.children.length : 0;
    const added = answer.hits.slice(shown).map((hit) => resultOf(hit, view));
    if (isSame) results.append(...added);
    else results.replaceChildren(...added);
    results.dataset.state = state;
    otherwise.hidden = true;
    status.replaceChildren(...answerWords(answer));
    const rest = answer.listed - answer.hits.length;
    more.hidden = rest <= 0 || answer.hits.length < wanted;
    more.textContent = `Show ${Math.min(rest, RESULTS_AT_ONCE)} more`;
    // Who asked for more goes on reading where the new ones begin.
    if (isSame && document.activeElement === more) added[0]?.querySelector('a')?.focus();
  }

  function fail(error: unknown): void {
    otherwise.hidden = false;
    results.replaceChildren();
    delete results.dataset.state;
    more.hidden = true;
    const said = document.createElement('p');
    said.className = 'notice';
    said.textContent = reasonOf(error);
    status.replaceChildren(said);
  }

  section.hidden = false;
  otherwise.hidden = true;
  setUpFields(fields, {
    typed() {
      wanted = RESULTS_AT_ONCE;
      clearTimeout(waiting);
      waiting = setTimeout(run, SEARCH_WAIT_MS);
    },
    chosen() {
      wanted = RESULTS_AT_ONCE;
      void run();
    },
  });
  setUpSearchArrows(view);
  more.addEventListener('click', () => {
    wanted += RESULTS_AT_ONCE;
    void run();
  });
  // So that the first letter finds the index there.
  open().catch(fail);
  void run();
}

const load: Load = async (path, { build, signal }) => {
  const address = `${href(searchPath, path)}${build === undefined ? '' : `?v=${build}`}`;
  // The first file names the contents of the others, so it must not come from an older visit.
  const response = await fetch(address, {
    cache: build === undefined ? 'no-cache' : 'default',
    ...(signal !== undefined && { signal }),
  });
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

function reasonOf(error: unknown): string {
  if (location.protocol === 'file:') {
    return 'The search works only where the site comes from a web server: a page that was opened from a file may not read other files.';
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The index of the search could not be read (${reason}).`;
}

const view = viewOf(document);
if (view !== undefined) start(view);
