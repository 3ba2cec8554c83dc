import { judges, taking } from './cases.ts';

const properties = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p_${index}`, { type: 'string' }]));

judges('high-parameter-count', [
  ['ten', taking(properties(10)), true],
  ['nine', taking(properties(9)), false],
  ['ten, but inside of one', taking({ options: { type: 'object', properties: properties(10) } }), false],
]);
