import { describe, expect, it } from 'vitest';
import type { ToolChange } from '../../catalogue/contract.ts';
import { siteOf } from './view.ts';

const HOSTILE = '<img src=x onerror=alert(1)>\u202e';

const change: ToolChange = {
  kind: 'changed',
  at: '2026-11-19T08:00:00.000Z',
  name: 'send_note',
  slug: 'send_note',
  raises: true,
  reasons: ['the risk rose from medium to high'],
  remarks: [],
  definition: {
    description: {
      by: 'word',
      parts: [
        { kind: 'same', text: 'Sends a note' },
        { kind: 'removed', text: ' to me' },
        { kind: 'added', text: ` to anybody ${HOSTILE}` },
        { kind: 'omitted', of: 'same', chars: 1200 },
      ],
    },
    schema: [
      { change: 'added', schema: 'input', path: 'to', type: 'string', required: true, description: 'Whom' },
      { change: 'type', schema: 'input', path: 'text', before: 'string', after: 'object' },
      { change: 'choices', schema: 'input', path: 'tone', added: ['loud'], removed: ['calm'] },
      { change: 'optional', schema: 'output', path: 'id' },
      {
        change: 'other',
        schema: 'input',
        path: '',
        key: 'additionalProperties',
        before: 'false',
        after: 'true',
      },
    ],
    moreSchemaChanges: 3,
    other: [{ key: 'annotations', before: '{"readOnlyHint":true}' }],
  },
};

const site = await siteOf([
  {
    label: 'notes',
    tools: [{ name: 'send_note', description: 'Sends a note to anybody.', inputSchema: { type: 'object' } }],
    changes: [change],
  },
]);
const page = site.get('servers/notes/send_note.html') ?? '';
const text = page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the history of a tool', () => {
  it('tells what happened when, and what to look at', () => {
    expect(text).toContain('2026-11-19 It changed');
    expect(text).toContain('Read it before you go on');
    expect(text).toContain('The risk rose from medium to high');
    expect(text).toContain('2026-11-20 This definition was first seen.');
  });

  it('shows what went and what came, in the words of the server, with what is hidden made visible', () => {
    expect(page).toContain('<del> to me</del>');
    expect(page).toContain('<ins> to anybody &lt;img src=x onerror=alert(1)&gt;[U+202E]</ins>');
    expect(text).toContain('(1,200 characters same)');
  });

  it.each([
    'input parameter to : added, string , required, Whom',
    'input parameter text : type string , now object',
    'input parameter tone : choices loud calm',
    'output parameter id : now optional',
    'input schema: additionalProperties false true',
    '3 more changes of its parameters not shown.',
    'annotations : {&quot;readOnlyHint&quot;:true}',
  ])('tells of its parameters and other keys: %s', (words) => {
    expect(text).toContain(words);
  });

  it('is on the page of the server, too, and in its feed', () => {
    expect(site.get('servers/notes/index.html')).toContain('href="send_note.html"');
    expect(site.get('servers/notes/index.html')).toContain('Read it before you go on');
    expect(site.get('servers/notes/feed.xml')).toContain('send_note');
  });
});
