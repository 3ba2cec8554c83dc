import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policyJsonSchema } from '../../policy/json-schema.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { anyDocument } from '../support/policies.ts';

const SEED = 20_261_121;
const schema = policyJsonSchema();
const validate = new Ajv2020().compile(schema);

function agreed(document: unknown): boolean {
  const { ok } = parsePolicy(JSON.stringify(document));
  expect(validate(document), JSON.stringify(document)).toBe(ok);
  return ok;
}

test('the schema says which version it is of, and refuses every other', () => {
  expect(schema.$id).toBe('urn:tool-risk-catalogue:policy:1');
  expect(['1', '2', '1.0', 1, '', null].map((version) => agreed({ version, default: 'deny' }))).toEqual([
    true,
    ...Array.from({ length: 5 }, () => false),
  ]);
});

test('the schema and `parsePolicy` agree on documents that are valid', () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      expect(agreed(document)).toBe(true);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

/** What a hand might put into a document; no pattern among it, of which JSON Schema cannot say whether it compiles. */
const WRONG = [
  null,
  true,
  -1,
  1.5,
  2 ** 53,
  '',
  'x',
  'args.a[0]',
  'FILL IN: x',
  [],
  {},
  [[]],
  [null],
  { conditions: [] },
];
const KEYS = ['limits', 'hide', 'on_deny', 'x', '__proto__', 'value', 'increment_from', 'version'];

test('and on documents that were changed in one place', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      anyDocument,
      fc.nat(),
      fc.constantFrom(...WRONG),
      fc.constantFrom(undefined, ...KEYS),
      (document, at, value, key) => {
        const copy: unknown = JSON.parse(JSON.stringify(document));
        const places = placesIn(copy);
        const place = places[at % places.length];
        if (place === undefined) return;
        Object.defineProperty(place.of, key ?? place.key, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
        if (!agreed(copy)) refused++;
      },
    ),
    { seed: SEED, numRuns: 2_000 },
  );
  expect(refused).toBeGreaterThan(500);
});

/** Every key of every object and list of a document. */
function placesIn(value: unknown): { of: object; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ of: value, key }, ...placesIn(inner)]);
}
