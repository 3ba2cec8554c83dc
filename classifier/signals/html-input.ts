import { parameterEvidence } from '../evidence.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';

const MARKUP_WORDS = new Set('html xhtml svg markup template templates mjml htmlbody bodyhtml'.split(' '));
const CARRIERS = new Set('body content payload message text description snippet'.split(' '));
const SAYS_MARKUP = /\b(?:html|xhtml|svg|mjml|handlebars|mustache|liquid|jinja\d?)\b/i;
const NEGATED = /\b(?:no|not|without|plain text only|strip\w*) (?:\w+ )?html/i;

export const signal = defineSignal({
  id: 'html-input',
  group: 'capability',
  version: 2,
  label: 'Accepts raw HTML/template content',
  title: 'Accepts raw HTML or a template',
  why: 'Markup can carry scripts, hidden links and pixels that report back to whoever wrote it.',
  looksAt: 'the names and descriptions of parameters',
  falsePositives: 'Markup that the server cleans before it is shown.',
  examples: {
    fires: [
      {
        name: 'send_newsletter',
        description: 'Send a newsletter',
        inputSchema: { type: 'object', properties: { html_body: { type: 'string' } } },
      },
      {
        name: 'create_page',
        description: 'Create a page',
        inputSchema: {
          type: 'object',
          properties: { content: { type: 'string', description: 'HTML of the page' } },
        },
      },
    ],
    silent: [
      {
        name: 'send_message',
        description: 'Send a message',
        inputSchema: { type: 'object', properties: { body: { type: 'string', description: 'Plain text' } } },
      },
      {
        name: 'use_template',
        description: 'Start from a template',
        inputSchema: {
          type: 'object',
          properties: { template_id: { type: 'string' }, is_html: { type: 'boolean' } },
        },
      },
    ],
  },
  observe(facts) {
    const parameters = facts.documented;
    if (parameters.length === 0) return NOT_APPLICABLE;
    return presentIf(
      parameters
        .filter(takesMarkup)
        .map((parameter) => parameterEvidence(parameter, 'markup that the caller writes')),
      { confidence: 'medium' },
    );
  },
});

function takesMarkup(parameter: Parameter): boolean {
  const { types, words, choices } = parameter;
  if (choices.length > 0 || (types.length > 0 && !types.includes('string'))) return false;
  const last = words.at(-1) ?? '';
  const isMarkup = MARKUP_WORDS.has(last);
  if (!isMarkup && !CARRIERS.has(last)) return false;
  const description = parameter.description ?? '';
  if (NEGATED.test(description)) return false;
  if (isMarkup) return last !== 'template' || !/\b(?:name|id|identifier|slug)\b/i.test(description);
  return words.includes('html') || SAYS_MARKUP.test(description);
}
