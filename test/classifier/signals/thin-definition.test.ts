import { judges, tool } from './cases.ts';

judges('thin-definition', [
  ['nothing', tool('get_status'), true],
  ['blanks', tool('get_status', ' \n '), true],
  ['the name in other letters', tool('getUserStatus', 'Get user status.'), true],
  ['a part of the name', tool('jira_get_issue', 'Get issue'), true],
  ['a placeholder', tool('get_status', 'No description provided'), true],
  ['one word more', tool('get_status', 'Get status remotely'), false],
  ['a language without blanks', tool('get_status', '获取作业状态'), false],
]);
