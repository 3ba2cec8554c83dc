import type { ServerTarget } from './contract.ts';
import { MIN_SECRET_CHARS } from './limits.ts';

/** What stands in the place of a secret value. */
export const MASK = '***';

/** Names whose values are secret: of options, variables, query parameters and headers. */
const SECRET_NAME =
  /(?:^|[^a-z])(?:(?:api|access|private|secret|auth|account|client|encryption|signing|master)[-_.]?keys?|keys?|apikey|[a-z]*tokens?|[a-z]*secrets?|[a-z]*password|passwd|passphrase|pwd|pass|[a-z]*credentials?|authorization|auth|bearer|cookie|pat|dsn|sig|signature|connection[-_.]?(?:string|uri|url))$/i;

/** Keys that their makers mark by a prefix. */
const SECRET_SHAPE =
  /(?:^|[^A-Za-z0-9])(?:(?:sk|pk|rk|fc|tvly|lin_api|ntn|secret|whsec|glpat|dop_v1|npm|hf|pplx|gsk|xai)[-_][A-Za-z0-9_-]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|A(?:KIA|SIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY)/;

/** A run of letters and digits as long as a random key; words, versions and UUIDs have shorter ones. */
const LONG_RUN = /[A-Za-z0-9+]{20,}/g;

/** Changes between lower case, upper case and digits that a random run of 20 has and a word has not. */
const RANDOM_CHANGES = 6;

/** Whether the name of an option, variable, header or query parameter says that its value is secret. */
export function secretName(name: string): boolean {
  // camelCase names are read as kebab-case, so that apiToken ends in the word token.
  return SECRET_NAME.test(name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2'));
}

/** Whether a value looks like a key or token by itself. */
function secretValue(value: string): boolean {
  if (SECRET_SHAPE.test(value)) return true;
  return (value.match(LONG_RUN) ?? []).some((run) => changesOfKind(run) >= RANDOM_CHANGES);
}

/** Arguments as they may be stored: the same number of words, with what looks secret replaced by `***`. */
export function screenArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => screenArg(arg, args[index - 1]));
}

/**
 * A URL as it may be stored: user information, secret query parameters and key-like path segments are replaced by
 * `***` and the fragment is dropped. Text that is no URL comes back unchanged.
 */
export function screenUrl(url: string): string {
  const [, scheme, userInfo, host = '', path = '', query] =
    /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? [];
  if (scheme === undefined) return url;
  const segments = path.split('/').map((segment) => (secretValue(segment) ? MASK : segment));
  const parameters = query?.split('&').map(screenParameter).join('&');
  return `${scheme}${userInfo === undefined ? '' : `${MASK}@`}${host}${segments.join('/')}${
    parameters === undefined ? '' : `?${parameters}`
  }`;
}

/** The target as it may be stored and published. */
export function screenTarget(target: ServerTarget): ServerTarget {
  const { transport } = target;
  if (transport.kind === 'http') {
    return { ...target, transport: { ...transport, url: screenUrl(transport.url) } };
  }
  return { ...target, transport: { ...transport, args: screenArgs(transport.args) } };
}

/** A value that was given to a server, and whether it is beyond doubt a secret. */
export interface KnownValue {
  value: string;
  secret: boolean;
}

/**
 * The values given to a server that no stored text may repeat: variables, headers, and what screening takes out of
 * its arguments or URL. `named` holds the variables and headers by name.
 */
export function knownValues(
  target: ServerTarget,
  named: Readonly<Record<string, string>>,
): readonly KnownValue[] {
  const given = Object.entries(named).flatMap(([name, value]) =>
    // `Bearer x` is repeated by servers as `x`.
    [value, ...value.split(' ').slice(1)].map((part) => ({
      value: part,
      secret: secretName(name) || secretValue(part),
    })),
  );
  const hidden = hiddenParts(target).map((value) => ({ value, secret: true }));
  return [...given, ...hidden]
    .filter(({ value }) => value.length >= MIN_SECRET_CHARS)
    .sort((a, b) => b.value.length - a.value.length);
}

/** The text with every known value replaced by `***`. */
export function maskValues(text: string, values: readonly KnownValue[]): string {
  return values.reduce((masked, { value }) => masked.replaceAll(value, MASK), text);
}

function hiddenParts(target: ServerTarget): string[] {
  const { transport } = target;
  const words = transport.kind === 'http' ? [transport.url] : transport.args;
  const screened = transport.kind === 'http' ? [screenUrl(transport.url)] : screenArgs(transport.args);
  return words.flatMap((word, index) => removed(word, screened[index] ?? MASK));
}

/** What stood in the place of each mask. */
function removed(text: string, screened: string): string[] {
  if (text === screened) return [];
  const pattern = screened.split(MASK).map(escapeRegExp).join('(.*?)');
  return (new RegExp(`^${pattern}$`, 's').exec(text) ?? []).slice(1);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function screenArg(arg: string, previous: string | undefined): string {
  const assignment = /^([\w.-]+)=(.*)$/s.exec(arg);
  if (assignment) {
    const [, name = '', value = ''] = assignment;
    return `${name}=${secretName(name) && value !== '' ? MASK : screenValue(value)}`;
  }
  if (previous !== undefined && isSecretOption(previous) && !arg.startsWith('--')) return MASK;
  return screenValue(arg);
}

function isSecretOption(word: string): boolean {
  return /^--?[A-Za-z]/.test(word) && !word.includes('=') && secretName(word);
}

function screenValue(value: string): string {
  const header = /^([\w-]+)(:\s*)(.+)$/s.exec(value);
  if (header && !value.includes('://') && secretName(header[1] ?? ''))
    return `${header[1]}${header[2]}${MASK}`;
  const bearer = /^((?:bearer|basic|token)\s+)\S/i.exec(value);
  if (bearer) return `${bearer[1]}${MASK}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return screenUrl(value);
  return secretValue(value) ? MASK : value;
}

function screenParameter(parameter: string): string {
  const [name = '', ...rest] = parameter.split('=');
  const value = rest.join('=');
  if (value === '') return secretValue(name) ? MASK : parameter;
  return secretName(name) || secretValue(value) ? `${name}=${MASK}` : parameter;
}

function changesOfKind(run: string): number {
  let changes = 0;
  let previous = '';
  for (const character of run) {
    const kind = /[a-z]/.test(character) ? 'lower' : /[A-Z]/.test(character) ? 'upper' : 'other';
    if (previous !== '' && kind !== previous) changes += 1;
    previous = kind;
  }
  return changes;
}
