import { describe, expect, test } from 'vitest';
import { locate } from '../../cli/location.ts';

const io = { env: {}, cwd: '/work', home: '/home/user', platform: 'linux' } as const;
const url = 'postgres://127.0.0.1/catalogue';

describe('where the catalogue is kept', () => {
  test.each([
    [
      '--db before all else',
      { db: 'here' },
      { DATABASE_URL: url, CATALOGUE_DB: '/dir' },
      { directory: '/work/here' },
    ],
    ['DATABASE_URL before a directory', {}, { DATABASE_URL: url, CATALOGUE_DB: '/dir' }, { url }],
    ['CATALOGUE_DB', {}, { CATALOGUE_DB: 'dir' }, { directory: '/work/dir' }],
    ['the data folder of XDG', {}, { XDG_DATA_HOME: '/data' }, { directory: '/data/tool-risk-catalogue' }],
    ['the usual data folder', {}, {}, { directory: '/home/user/.local/share/tool-risk-catalogue' }],
  ])('%s', (_, options, env, location) => {
    expect(locate(options, { ...io, env })).toEqual(location);
  });

  test("the platform's own folder elsewhere", () => {
    expect(locate({}, { ...io, platform: 'darwin' })).toEqual({
      directory: '/home/user/Library/Application Support/tool-risk-catalogue',
    });
  });
});
