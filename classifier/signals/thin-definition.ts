import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { ABSENT, defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';

export const signal = defineSignal({
  id: 'thin-definition',
  group: 'definition',
  version: 1,
  label: 'Thin definition',
  title: 'Thin definition',
  why: 'Nothing but the name says what the tool does, so any verdict about it is a guess.',
  looksAt: 'the description beside the name',
  falsePositives: 'A name that says everything there is to say.',
  examples: {
    fires: [
      { name: 'session_start', description: 'session_start' },
      { name: 'syncAll', description: 'Sync all.' },
      { name: 'get_status' },
      { name: 'get_status', description: '   ' },
      { name: 'get_status', description: 'Description not available' },
    ],
    silent: [{ name: 'get_status', description: 'Get the status of a job' }],
  },
  observe(facts) {
    const { description } = facts;
    if (!description) {
      const quote = clip(facts.name.text, MAX_QUOTE_CHARS);
      return presentIf([{ pointer: '/name', quote, note: 'there is no description beside the name' }], {
        confidence: 'high',
      });
    }
    if (!saysNothing(facts)) return ABSENT;
    const quote = clip(description.text, MAX_QUOTE_CHARS);
    return presentIf([{ pointer: '/description', quote, note: 'says no more than the name' }], {
      confidence: 'high',
    });
  },
});

const PLACEHOLDERS = new Set([
  'description not available',
  'no description',
  'no description available',
  'no description provided',
  'description',
  'not available',
  'todo',
  'tbd',
  'none',
  'null',
  'undefined',
  'n a',
]);

const MAX_PLACEHOLDER_WORDS = 3;

function saysNothing({ name, description }: ToolFacts): boolean {
  const words = description?.words ?? [];
  if (words.length <= MAX_PLACEHOLDER_WORDS && PLACEHOLDERS.has(words.map((word) => word.text).join(' ')))
    return true;
  if (words.length > name.words.length) return false;
  const inName = new Set(name.words.map((word) => word.text));
  return words.every((word) => word.text.split('_').every((part) => inName.has(part)));
}
