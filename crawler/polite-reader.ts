import robotsModule from 'robots-parser';
import { MAX_REQUESTED_WAIT_MS, MAX_ROBOTS_BYTES } from './limits.ts';
import type { SourceDeps } from './source.ts';
import { readWeb, USER_AGENT, type WebAnswer, webError } from './web.ts';

export interface PoliteSettings {
  /** Hosts, with their ports, that may be visited. */
  hosts: ReadonlySet<string>;
  /** Milliseconds between two requests to one host; its own crawl-delay is kept when it is longer. */
  delayMs: number;
}

/** The package exports the function itself, whatever its types say. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

type Robots = ReturnType<typeof robotsParser>;

/**
 * A reader of web pages that keeps to robots.txt and waits between requests. It makes one request at a time: the next
 * one begins when the last has been answered. Reading rejects with a `WebError` when a page cannot or must not be read.
 */
export function politeReader(
  { hosts, delayMs }: PoliteSettings,
  deps: Pick<SourceDeps, 'fetch' | 'wait' | 'now'>,
): (url: URL) => Promise<WebAnswer> {
  const robots = new Map<string, Robots>();
  const visited = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  async function request(url: URL, accept: string, maxBytes?: number): Promise<WebAnswer> {
    const crawlDelay = (robots.get(url.origin)?.getCrawlDelay(USER_AGENT) ?? 0) * 1000;
    const pause = Math.max(delayMs, Math.min(crawlDelay, MAX_REQUESTED_WAIT_MS));
    const before = visited.get(url.host);
    const left = before === undefined ? 0 : before + pause - deps.now().getTime();
    if (left > 0) await deps.wait(Math.min(left, pause));
    try {
      const mayVisit = (to: URL) => hosts.has(to.host) && isAllowed(to);
      return await readWeb(url, { accept, mayVisit, ...(maxBytes !== undefined && { maxBytes }) }, deps);
    } finally {
      visited.set(url.host, deps.now().getTime());
    }
  }

  function isAllowed(url: URL): boolean {
    return robots.get(url.origin)?.isAllowed(url.href, USER_AGENT) !== false;
  }

  /** RFC 9309: no such file allows everything; one that cannot be had allows nothing. */
  async function learnRobots({ origin }: URL): Promise<void> {
    if (robots.has(origin)) return;
    const url = new URL('/robots.txt', origin);
    const { status, text } = await request(url, 'text/plain', MAX_ROBOTS_BYTES);
    robots.set(origin, robotsParser(url.href, status === 200 ? text : ''));
  }

  async function read(url: URL): Promise<WebAnswer> {
    if (!/^https?:$/.test(url.protocol) || !hosts.has(url.host))
      throw webError(`is at ${url.host}, which is not read`);
    await learnRobots(url);
    if (!isAllowed(url)) throw webError('is closed to crawlers by its robots.txt');
    const answer = await request(url, 'text/html');
    if (answer.status !== 200) throw webError(`answered ${answer.status}`);
    return answer;
  }

  return (url) => {
    const turn = last.then(() => read(url));
    last = turn.catch(() => undefined);
    return turn;
  };
}
