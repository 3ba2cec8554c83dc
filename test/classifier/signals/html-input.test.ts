import { judges, taking } from './cases.ts';

const string = { type: 'string' };

judges('html-input', [
  ['by name', taking({ html_body: string }), ['html_body']],
  ['by description', taking({ content: { ...string, description: 'HTML of the page' } }), ['content']],
  ['documented only', taking({ body: {} }, 'send', 'Send it. Args: body: HTML of the letter'), ['body']],
  ['a switch', taking({ is_html: { type: 'boolean' } }), false],
  ['the name of a template', taking({ template: { ...string, description: 'Name of the template' } }), false],
  ['plain text', taking({ body: { ...string, description: 'Plain text without HTML' } }), false],
]);
