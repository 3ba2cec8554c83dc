import { ABSENT, defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';

/** The fewest top-level properties that count as many. */
const MANY = 10;

export const signal = defineSignal({
  id: 'high-parameter-count',
  group: 'definition',
  version: 1,
  label: 'High parameter count',
  title: 'High parameter count',
  why: 'The more a call can say, the more there is to check before it is let through.',
  looksAt: 'the number of properties at the top of the input schema',
  falsePositives: 'Long lists of optional filters that only narrow what is returned.',
  examples: {
    fires: [{ name: 'book_table', description: 'Book a table', inputSchema: withProperties(MANY) }],
    silent: [
      { name: 'book_seat', description: 'Book a seat', inputSchema: withProperties(MANY - 1) },
      { name: 'ping', description: 'Answer with pong' },
    ],
  },
  observe({ propertyCount }) {
    if (propertyCount === 0) return NOT_APPLICABLE;
    if (propertyCount < MANY) return ABSENT;
    const note = `${propertyCount} properties`;
    return presentIf([{ pointer: '/inputSchema/properties', quote: 'properties', note }], {
      confidence: 'high',
      detail: note,
    });
  },
});

function withProperties(count: number): Record<string, unknown> {
  const names = Array.from({ length: count }, (_, index) => [`option_${index + 1}`, { type: 'string' }]);
  return { type: 'object', properties: Object.fromEntries(names) };
}
