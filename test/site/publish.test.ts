import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST, placeIn, publish } from '../../site/publish.ts';

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'site-'));
  out = join(folder, 'public');
});

afterEach(() => fs.rm(folder, { recursive: true }));

const files = [
  { path: 'index.html', contents: 'home' },
  { path: 'servers/a/index.html', contents: 'a' },
  { path: 'servers/b/index.html', contents: 'ü' },
];

describe('publish', () => {
  it('writes everything into a new folder, and nothing the second time', async () => {
    expect(await publish(files, out, fs)).toEqual({
      status: 'published',
      written: 3,
      unchanged: 0,
      removed: 0,
    });
    const before = await fs.stat(join(out, 'servers/b/index.html'));
    expect(await publish(files, out, fs)).toEqual({
      status: 'published',
      written: 0,
      unchanged: 3,
      removed: 0,
    });
    expect((await fs.stat(join(out, 'servers/b/index.html'))).mtimeMs).toBe(before.mtimeMs);
    expect(await fs.readFile(join(out, 'servers/b/index.html'), 'utf8')).toBe('ü');
  });

  it('writes what changed or was lost, and removes what is gone with its empty folders', async () => {
    await publish(files, out, fs);
    await fs.rm(join(out, 'index.html'));
    const next = [files[0], { path: 'servers/a/index.html', contents: 'a2' }].filter(
      (file) => file !== undefined,
    );
    expect(await publish(next, out, fs)).toEqual({
      status: 'published',
      written: 2,
      unchanged: 0,
      removed: 1,
    });
    expect(await fs.readdir(join(out, 'servers'))).toEqual(['a']);
  });

  it('leaves a stranger’s file beside a removed page', async () => {
    await publish(files, out, fs);
    await fs.writeFile(join(out, 'servers/b/mine.txt'), 'mine');
    await publish(files.slice(0, 2), out, fs);
    expect(await fs.readdir(join(out, 'servers/b'))).toEqual(['mine.txt']);
  });

  it('writes the same manifest whatever the order of the files', async () => {
    await publish(files, out, fs);
    const first = await fs.readFile(join(out, MANIFEST), 'utf8');
    await publish(files.toReversed(), out, fs);
    expect(await fs.readFile(join(out, MANIFEST), 'utf8')).toBe(first);
  });

  it('takes an empty folder and refuses one with files of others', async () => {
    await fs.mkdir(out);
    expect(await publish(files, out, fs)).toMatchObject({ status: 'published' });
    await fs.writeFile(join(folder, 'mine.txt'), 'mine');
    const refused = await publish(files, folder, fs);
    expect(refused).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('new or an empty folder'),
    });
    expect((await fs.readdir(folder)).sort()).toEqual(['mine.txt', 'public']);
  });

  it('refuses a folder whose manifest is not ours', async () => {
    await fs.mkdir(out);
    await fs.writeFile(join(out, MANIFEST), '{"format":"another"}');
    expect(await publish(files, out, fs)).toMatchObject({ status: 'refused' });
  });

  it('knows the folder again after a build that was broken off', async () => {
    function* broken() {
      yield* files;
      throw new Error('broken off');
    }
    await expect(publish(broken(), out, fs)).rejects.toThrow('broken off');
    expect(await publish(files, out, fs)).toMatchObject({ status: 'published' });
  });

  it('removes nothing outside the folder, whatever the manifest says', async () => {
    await publish(files, out, fs);
    const manifest = JSON.parse(await fs.readFile(join(out, MANIFEST), 'utf8'));
    manifest.files['../precious.txt'] = 'x';
    await fs.writeFile(join(out, MANIFEST), JSON.stringify(manifest));
    await fs.writeFile(join(folder, 'precious.txt'), 'precious');
    await expect(publish(files, out, fs)).rejects.toThrow('precious.txt');
    expect(await fs.readFile(join(folder, 'precious.txt'), 'utf8')).toBe('precious');
  });

  it('takes an asynchronous source and refuses two pages of one path', async () => {
    async function* twice() {
      yield* files;
      yield* files;
    }
    await expect(publish(twice(), out, fs)).rejects.toThrow('same path');
  });
});

describe('placeIn', () => {
  it.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', '', '.', 'a\\b', 'a\0b', './a', MANIFEST])(
    'does not take %j',
    (path) => {
      expect(() => placeIn('/out', path)).toThrow('No page may be written');
    },
  );

  it('takes a plain path', () => {
    expect(placeIn('/out', 'servers/a~2/x.html')).toBe('/out/servers/a~2/x.html');
  });
});
