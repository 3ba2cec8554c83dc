import { usageError } from '../crawler/fault.ts';

/** Where a site will stand. */
export interface SiteAddress {
  /** The whole address, with a `/` at its end; absent where it is not known. */
  baseUrl?: string;
  /** The path of that address: begins and ends with `/`. */
  basePath: string;
}

/**
 * Reads `--base-url` and `--base-path`. Throws a usage error for what is no web address or no path, and where the two
 * contradict each other.
 */
export function siteAddress(baseUrl: string | undefined, basePath: string | undefined): SiteAddress {
  const path = basePath === undefined ? undefined : readPath(basePath);
  if (baseUrl === undefined) return { basePath: path ?? '/' };
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw usageError(
      `--base-url takes a web address such as https://example.org/catalogue/, not '${baseUrl}'.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw usageError(`--base-url takes an address without '?' and '#', not '${baseUrl}'.`);
  }
  const own = readPath(url.pathname);
  if (path !== undefined && own !== '/' && own !== path) {
    throw usageError(`--base-url says ${own} and --base-path says ${path}. Give the path in one of them.`);
  }
  const where = path ?? own;
  return { baseUrl: `${url.origin}${where}`, basePath: where };
}

function readPath(text: string): string {
  const path = `/${text.replaceAll(/^\/+|\/+$/g, '')}/`.replace('//', '/');
  if (/[?#\s]|\/\.{0,2}\//.test(path) || new URL(path, 'https://example.org').pathname !== path) {
    throw usageError(`--base-path takes a path such as /catalogue/, not '${text}'.`);
  }
  return path;
}
