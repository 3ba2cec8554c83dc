/** The regular expressions of recommended rules, in the syntax of RE2. */

/** Matches every text that does not begin with the prefix, upper and lower case alike: RE2 has no lookahead. */
function notStartingWith(prefix: string): string {
  const [first = '', ...rest] = prefix;
  const any = anyCase(first);
  const further = rest.length === 0 ? '' : `|[${any}]${notStartingWith(rest.join('')).slice(1)}`;
  return `^(?:$|[^${any}]${further})`;
}

function anyCase(character: string): string {
  const both = new Set([character.toLowerCase(), character.toUpperCase()]);
  return [...both].map((each) => each.replace(/[\\\]^-]/g, '\\$&')).join('');
}

/** Not `(?i)`, which takes the long s of `httpſ` for an s. */
export const HTTPS = `^${[...'https'].map((letter) => `[${anyCase(letter)}]`).join('')}://`;
export const NOT_HTTPS = notStartingWith('https://');

/** A step to the folder above, also as an address writes it, and the byte that ends a file name early. */
export const TRAVERSAL = '(?i)(?:^|[/\\\\]|%2f|%5c)(?:\\.|%2e){2}(?:$|[/\\\\]|%2f|%5c)|\\x00|%00';

/** What may stand between two words of SQL. */
const BLANK = '(?:\\s|/\\*(?:[^*]|\\*+[^*/])*\\*+/|--[^\\n]*(?:\\n|$)|#[^\\n]*(?:\\n|$))';

/** Statements that change data, tables or rights, wherever they stand: T-SQL needs nothing between two statements. */
const CHANGES = 'delete|drop|alter|create|grant|revoke|merge|upsert|update|into|exec|execute';
/** The same, of words that are also functions, as in `replace(name, 'a', 'b')`. */
const CHANGES_UNLESS_CALLED = 'insert|replace|truncate';
/** Words that do it only at the beginning of a statement. */
const CHANGES_AT_START =
  'attach|backup|begin|bulk|call|cluster|comment|copy|dbcc|deny|detach|discard|do|flush|handler|import|install|kill|load|lock|' +
  'optimize|prepare|purge|reassign|refresh|reindex|rename|repair|reset|restore|security|set|shutdown|undrop|unload|unlock|use|vacuum';

/**
 * A text of SQL that may change something. Comments count as blanks, and a comment that MySQL runs is refused. It errs
 * to that side: a text that only mentions `delete` is refused too. It cannot see what a function does that is called,
 * or a statement that is put together while it runs; only the rights of the database user stop those.
 */
export const CHANGING_SQL = [
  `(?i)\\b(?:${CHANGES})\\b`,
  `\\b(?:${CHANGES_UNLESS_CALLED})\\b${BLANK}*(?:[^\\s(/*#-]|$)`,
  `(?:^|[;(])${BLANK}*(?:${CHANGES_AT_START})\\b`,
  `(?:^|;)${BLANK}*pragma\\b[^;]*=`,
  '/\\*[!m]',
].join('|');
