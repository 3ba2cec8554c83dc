/** Every bound that a page sets on what it shows, with its reason. Whatever is cut says so. */

/** Characters of a name in headings, tables and links. Real names stay under 70; nobody reads more of one. */
export const MAX_NAME_CHARS = 120;

/** Characters of a description that are shown. The longest real one seen is 9,600. */
export const MAX_QUOTE_CHARS = 12_000;

/** Characters of a definition's JSON that are shown; the median is 900, and nine in ten are under 4,000. */
export const MAX_DEFINITION_CHARS = 12_000;

/** Rows of the parameter table. */
export const MAX_PARAMETERS = 120;

/** Characters of a parameter's description in the table. */
export const MAX_PARAMETER_CHARS = 600;

/** Evidence listed on a tool page. A long schema gives a signal hundreds of quotes that say the same. */
export const MAX_EVIDENCE = 24;

/** Quotes listed for one finding: a reader is convinced by the first few. */
export const MAX_EVIDENCE_EACH = 4;

/** Related tools: on other servers, and neighbours on the same one. */
export const MAX_RELATED = 6;
export const MAX_SIBLINGS = 8;

/** Tools kept for each word of the index of related tools, and how many of them from one server: keeps it cheap. */
export const MAX_TOOLS_PER_WORD = 48;
export const MAX_TOOLS_PER_WORD_AND_SERVER = 2;

/** Words of a name that the index looks at. */
export const MAX_WORDS = 8;

/** Files written at once. On a disk 8 is faster than 1 and than 64, because creating files is the whole cost. */
export const WRITES_AT_ONCE = 8;

/** Parameters in brackets after a signal; the table of parameters has the rest. */
export const MAX_SIGNAL_PARAMETERS = 4;

/** Tools named for one part of a combination; the count says how many there are. */
export const MAX_COMBINED_TOOLS = 6;

/** Tools named in the warning of misleading text at the head of a server. */
export const MAX_WARNED_TOOLS = 12;

/** Quotes shown in the warning of misleading text; the evidence has the rest. */
export const MAX_WARNING_QUOTES = 2;

/** Characters of one quote in the list of evidence. */
export const MAX_EVIDENCE_CHARS = 400;

/** Characters of a server's name in a heading or above one, where it is not the subject. */
export const MAX_LABEL_CHARS = 48;
