import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLASSIFIER_VERSION, signalSetHash } from '../../classifier/classify.ts';
import { ROOT } from '../support/sources.ts';

const HOW = 'figures of another classifier: run `npm run accuracy -- <data directory>`';

test.each([
  { page: 'docs/accuracy.md', hash: signalSetHash },
  { page: 'README.md', hash: signalSetHash.slice(0, 12) },
])('the figures of $page are those of this classifier', ({ page, hash }) => {
  const [, version, set] =
    /easured with\s+classifier (\S+), signal set ([0-9a-f]+)/.exec(readFileSync(join(ROOT, page), 'utf8')) ??
    [];
  expect({ version, set }, HOW).toEqual({ version: CLASSIFIER_VERSION, set: hash });
});
