import type { PolicyDocument, Predicate } from './contract.ts';
import { ruleFor } from './evaluate.ts';
import type { Because, Reason } from './reasons.ts';
import { limitText, predicateText } from './words.ts';

const MAX_QUOTE_CHARS = 160;
const MAX_QUOTES = 4;

/**
 * What led to each rule of a recommended document, as Markdown: one section for each tool, one line for each rule. A
 * server's own words stand in code and on one line, so that they can neither format the text nor speak in it; whoever
 * prints it makes hidden characters visible.
 */
export function explainRecommendation(document: PolicyDocument, reasons: readonly Reason[]): string {
  const sections = [...Map.groupBy(reasons, ({ tool }) => tool)].map(([tool, own]) => {
    const lines = own.map(
      (reason) => `- ${code(reason.pointer)} ${ruleText(document, reason)}\n${whyLines(reason)}`,
    );
    return `## ${code(tool)}\n\n${lines.join('')}`;
  });
  const head = `# Why the policy says what it says\n\nA tool that is not named here is ${document.default === 'deny' ? 'denied' : 'allowed'}.\n`;
  return `${[head, ...sections].join('\n')}`;
}

function whyLines({ because }: Reason): string {
  return [...Map.groupBy(because, ({ signal }) => signal)]
    .map(([signal, all]) => {
      const quotes = all.slice(0, MAX_QUOTES).map(quoteText).join('; ');
      const more = all.length > MAX_QUOTES ? `; and ${all.length - MAX_QUOTES} more` : '';
      return `  - ${signal}: ${quotes}${more}\n`;
    })
    .join('');
}

function quoteText({ quote, pointer, note }: Because): string {
  return `${code(quote)} at ${code(pointer)} (${plain(note)})`;
}

/** What stands at the pointer of a reason, in words. */
function ruleText(document: PolicyDocument, { pointer, tool }: Reason): string {
  const [, first, , kind, index] = pointer.split('/');
  if (first === 'hide') return 'hidden and denied';
  if (first === 'default') return 'denied by default';
  const rule = ruleFor(document, tool);
  const at = Number(index);
  switch (kind) {
    case 'require':
      return `denies all but ${conditionsOf(rule?.require?.[at])}`;
    case 'deny_if':
      return `denies ${conditionsOf(rule?.deny_if?.[at])}`;
    case 'require_approval':
      return `asks a person about ${conditionsOf(rule?.require_approval?.[at])}`;
    case 'limits': {
      const limit = rule?.limits?.[at];
      return limit === undefined ? 'limits how often' : `allows ${code(limitText(limit))}`;
    }
    default:
      return document.default === 'deny' ? 'is named, and so allowed' : 'is allowed';
  }
}

/** In code, because paths and values can be the server's words. */
function conditionsOf(predicate: Predicate | undefined): string {
  return predicate === undefined || predicate.conditions.length === 0
    ? 'every call'
    : code(predicateText(predicate));
}

/** A text in a code span that it cannot leave: longer runs of backticks around it, no line breaks in it. */
function code(text: string): string {
  const line = clip(text.replaceAll(/\s+/g, ' ').trim() || ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** Our own words in the middle of a line, which may quote the server's: nothing in them formats there. */
function plain(text: string): string {
  return clip(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\`*_[\]<&]/g, '\\$&');
}

function clip(text: string): string {
  return text.length > MAX_QUOTE_CHARS ? `${text.slice(0, MAX_QUOTE_CHARS)}…` : text;
}
