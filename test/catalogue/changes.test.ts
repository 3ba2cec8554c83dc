import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareLists, type Inventory, type Listed, takeList } from '../../catalogue/changes.ts';

/** Lists as `name:definition`, in the order of their places. */
function list(...tools: string[]): Listed[] {
  return tools.map((text, position) => {
    const [name = '', hash = ''] = text.split(':');
    return { name, hash, position };
  });
}

function words(before: Listed[], after: Listed[], isWhole = true): string[] {
  return compareLists(before, after, isWhole).map(
    ({ kind, name, before: was, after: is }) => `${kind} ${name} ${was?.hash ?? '-'} ${is?.hash ?? '-'}`,
  );
}

describe('two lists', () => {
  test.each([
    ['the same tools at other places', list('a:1', 'b:2'), list('b:2', 'a:1'), []],
    ['a tool more', list('a:1'), list('a:1', 'b:2'), ['appeared b - 2']],
    ['a tool less', list('a:1', 'b:2'), list('b:2'), ['vanished a 1 -']],
    ['another definition', list('a:1'), list('a:2'), ['changed a 1 2']],
    ['another name', list('a:1'), list('b:1'), ['vanished a 1 -', 'appeared b - 1']],
    ['one of two tools of a name changed', list('a:1', 'a:2'), list('a:2', 'a:3'), ['changed a 1 3']],
    ['a second tool of a name', list('a:1'), list('a:1', 'a:1'), ['appeared a - 1']],
    ['a second tool of a name gone', list('a:1', 'a:2', 'a:1'), list('a:1', 'a:2'), ['vanished a 1 -']],
    [
      'a name that every object has',
      list('__proto__:1'),
      list('constructor:1'),
      ['vanished __proto__ 1 -', 'appeared constructor - 1'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(words(before, after)).toEqual(expected);
  });

  test('from one that was cut short nothing vanishes, and what it shows counts', () => {
    expect(words(list('a:1', 'b:2', 'c:3'), list('c:4', 'd:5'), false)).toEqual([
      'changed c 3 4',
      'appeared d - 5',
    ]);
  });
});

const lists = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3')), { maxLength: 8 })
  .map((pairs) => list(...pairs.map(([name, hash]) => `${name}:${hash}`)));

describe('laws', () => {
  test('a list is not different from itself, in whatever order', () => {
    fc.assert(
      fc.property(lists, (one) => {
        const turned = one.toReversed().map((tool, position) => ({ ...tool, position }));
        expect(words(one, one)).toEqual([]);
        expect(words(one, turned)).toEqual([]);
      }),
    );
  });

  test('what appeared vanishes when the lists change places, and what changed changes back', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const back = compareLists(b, a).map(({ kind, name, before, after }) => ({
          kind,
          name,
          before: after,
          after: before,
        }));
        const swapped = { appeared: 'vanished', vanished: 'appeared', changed: 'changed' } as const;
        const sides = ({ kind, name, before, after }: (typeof back)[number]) =>
          `${kind} ${name} ${before?.hash} ${after?.hash}`;
        expect(
          compareLists(a, b)
            .map((change) => sides({ ...change, before: change.before, after: change.after }))
            .toSorted(),
        ).toEqual(back.map((change) => sides({ ...change, kind: swapped[change.kind] })).toSorted());
      }),
    );
  });

  test('each side of a change is in its list, and all changes together lead from one list to the other', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const changes = compareLists(a, b);
        for (const { kind, before, after } of changes) {
          expect(before !== undefined).toBe(kind !== 'appeared');
          expect(after !== undefined).toBe(kind !== 'vanished');
          if (before) expect(a).toContain(before);
          if (after) expect(b).toContain(after);
        }
        const kept = a.filter((tool) => !changes.some(({ before }) => before === tool));
        const reached = [...kept, ...changes.flatMap(({ after }) => after ?? [])];
        const keys = (tools: readonly Listed[]) =>
          tools.map(({ name, hash }) => `${name}:${hash}`).toSorted();
        expect(keys(reached)).toEqual(keys(b));
      }),
    );
  });

  test('what a server has after a list that was cut short is what the list shows, and nothing that it had is lost', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const start: Inventory = { tools: a, whole: true };
        const { tools, whole } = takeList(start, b, false);
        expect(whole).toBe(true);
        const names = new Set(tools.map(({ name }) => name));
        for (const { name } of a) expect(names).toContain(name);
        // The same list again says nothing new.
        expect(compareLists(tools, b, false)).toEqual([]);
      }),
    );
  });
});
