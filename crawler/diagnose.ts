import type { CrawlPhase } from './contract.ts';
import { type CrawlFault, crawlFault } from './fault.ts';
import { quote } from './text.ts';

/** What is awaited in a phase, after "before it" or "it did not". */
const AWAITED: Readonly<Record<CrawlPhase, readonly [past: string, infinitive: string]>> = {
  resolve: ['was found', 'come to a start'],
  spawn: ['was started', 'come to a start'],
  initialize: ['answered initialize', 'answer initialize'],
  list: ['answered tools/list', 'answer tools/list'],
};

const SETTING = String.raw`(?:environment variables?|env(?:ironment)? vars?|api[ _-]?keys?|[a-z0-9_]{0,60}(?:_key|token|secret|password)\b|access tokens?|credentials?|connection string|(?:required |positional |command[- ]line )?arguments?)`;
const WANTING = `(?:(?:is|are|was|were) (?:required|missing|not (?:set|provided|defined|found|configured))|not (?:set|provided|defined|found|configured)|must be (?:set|provided|specified|defined)|required|missing|undefined)`;

/** Text by which a server says that it was not told something it needs. */
const NEEDS_CONFIGURATION = new RegExp(
  `${SETTING}[^\\n]{0,80}?\\b${WANTING}\\b|\\b(?:missing|required?s?|provide|specify|set|expected|no|without)\\b[^\\n]{0,60}?\\b${SETTING}|^\\s*usage:`,
  'im',
);

/** npm's error codes, by what they mean for the target. */
const NPM_ERRORS: readonly [RegExp, CrawlFault['code'], string][] = [
  [/npm (?:error|ERR!) code E404/, 'not-found', 'is not in the package registry: check its name'],
  [
    /npm (?:error|ERR!) code (?:ETARGET|ENOVERSIONS)/,
    'not-found',
    'has no such version in the package registry',
  ],
  [
    /npm (?:error|ERR!) code E40[13]/,
    'auth-required',
    'may not be fetched from the package registry without a login',
  ],
  [
    /npm (?:error|ERR!) code (?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED)/,
    'unreachable',
    'could not be fetched, because the package registry was not reached',
  ],
  [/could not determine executable to run/, 'not-found', 'is a package with no program to run as a server'],
];

/** Whether a server's own words ask for a setting, a credential or an argument. */
export function asksForConfiguration(text: string): boolean {
  return NEEDS_CONFIGURATION.test(text);
}

/** The fault that npm's words tell of; undefined when they are not npm's or not known. */
export function npmFault(stderr: string): CrawlFault | undefined {
  const known = NPM_ERRORS.find(([pattern]) => pattern.test(stderr));
  return known && crawlFault(known[1], known[2], { detail: stderr, phase: 'resolve' });
}

/** The fault of a server that ended before it answered, as told by its exit and what it wrote. */
export function exitFault(
  phase: CrawlPhase,
  exit: { code: number | null; signal: string | null },
  output: { stderr: string; noise: string },
): CrawlFault {
  const written = output.stderr || output.noise;
  const npm = npmFault(output.stderr);
  if (npm) return npm;

  const ended = exit.signal === null ? `stopped with exit code ${exit.code}` : `was ended by ${exit.signal}`;
  const before = `before it ${AWAITED[phase][0]}`;
  if (asksForConfiguration(written)) {
    const advice = 'it asks for a setting, a credential or an argument that it was not given';
    return crawlFault('needs-configuration', `${ended} ${before}: ${advice}`, { detail: written });
  }
  return crawlFault('protocol', `${ended} ${before}`, { detail: written });
}

/** The fault of a server that has not answered in `timeoutMs` milliseconds. */
export function timeoutFault(phase: CrawlPhase, timeoutMs: number, stderr: string): CrawlFault {
  const message = `did not ${AWAITED[phase][1]} within ${timeoutMs / 1000} s`;
  if (!asksForConfiguration(stderr)) return crawlFault('timeout', message, { detail: stderr });
  return crawlFault('timeout', `${message}; what it wrote asks for configuration`, { detail: stderr });
}

/** The fault of a server that answered a request with an error. */
export function answerFault(phase: CrawlPhase, message: string): CrawlFault {
  const method = phase === 'list' ? 'tools/list' : 'initialize';
  if (asksForConfiguration(message) || /unauthori[sz]ed|not authenticated|log ?in/i.test(message)) {
    return crawlFault(
      'needs-configuration',
      `answered ${method} with a request for configuration: ${quote(message)}`,
    );
  }
  return crawlFault('protocol', `answered ${method} with an error: ${quote(message)}`);
}
