import { expect, test } from 'vitest';
import { verbListVerdict } from '../../../classifier/accuracy/verb-list.ts';

test.each([
  ['list_files', 'Read', ''],
  ['createIssue', 'Write', ''],
  ['user-delete', 'Write', 'destructive'],
  ['acme.refund.get', 'Execute', 'financial'],
  ['restart_service', 'Execute', ''],
  ['zorp', 'Execute', ''],
  ['', 'Execute', ''],
])('the floor reads %j as %s %s', (name, category, flag) => {
  expect(verbListVerdict(name)).toEqual({
    category,
    destructive: flag === 'destructive',
    financial: flag === 'financial',
  });
});
