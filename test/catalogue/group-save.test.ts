import { expect, test } from 'vitest';
import { createGroupSaver } from '../../catalogue/group-save.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import { scanOf } from '../support/scans.ts';

const scans = Array.from({ length: 240 }, (_, n) => scanOf(`server-${n}`, []));
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

test('scans that end together are saved in few groups, and each call gets its own slug', async () => {
  const groups: number[] = [];
  const save = createGroupSaver(async (group) => {
    groups.push(group.length);
    await soon();
    return group.map(({ crawl }) => `slug of ${crawl.target.label}`);
  }, soon);
  const slugs = await Promise.all(scans.map(save));
  expect(slugs).toEqual(scans.map(({ crawl }) => `slug of ${crawl.target.label}`));
  expect(groups).toEqual([100, 100, 40]);
});

test('a group that cannot be saved fails those that are in it, and no other', async () => {
  const saveAll = async (group: readonly JudgedScan[]) => {
    if (group.length === 100) throw new Error('the disk is full');
    return group.map(() => 'slug');
  };
  const results = await Promise.allSettled(scans.map(createGroupSaver(saveAll, soon)));
  expect(results.map(({ status }) => status === 'fulfilled').indexOf(true)).toBe(200);
});
