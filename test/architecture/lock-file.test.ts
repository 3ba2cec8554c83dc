import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completeLock } from '../../scripts/lock-file.ts';
import { ROOT } from '../support/sources.ts';

const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

test('the lock file names the packages of every platform: if not, run `npm run lock`', () => {
  expect(completeLock(JSON.parse(text)).added).toEqual([]);
});

test('the lock file records no download address', () => {
  expect(text).not.toContain('"resolved"');
});

test('a missing platform package is put back as npm would record it', () => {
  const { lock, added } = completeLock({
    packages: {
      '': {},
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-musl': '1.0.0',
          '@tool/darwin-arm64': '1.0.0',
          fsevents: '^2.0.0',
        },
      },
      'node_modules/@tool/darwin-arm64': { version: '1.0.0' },
    },
  });
  expect(added).toEqual(['node_modules/@tool/linux-x64-musl']);
  expect(lock.packages['node_modules/@tool/linux-x64-musl']).toEqual({
    version: '1.0.0',
    cpu: ['x64'],
    libc: ['musl'],
    os: ['linux'],
    dev: true,
    optional: true,
  });
});
