import { describe, expect, test } from 'vitest';
import { lexemeOf, searchWords, wordsIn } from '../../catalogue/search-words.ts';
import { scanOf } from '../support/scans.ts';

describe('the words of a text', () => {
  test.each([
    ['get_user-name', ['get', 'user', 'name']],
    ['getUserName', ['get', 'user', 'name']],
    ['parseHTMLPage', ['parse', 'html', 'page']],
    ['v2Users', ['v2', 'users']],
    ['CAFÉ Ångström', ['cafe', 'angstrom']],
    ['ｆｕｌｌ', ['full']],
    ['天気予報', ['天気', '気予', '予報']],
    ['メール', ['メー', 'ール']],
    ['ค้น', ['ค้', '้น']],
    ['日', ['日']],
    ['이메일 보내기', ['이메일', '보내기']],
    ["it's & | ! :*", ['it', 's']],
    ['\ud800a\0b\u200bc', ['a', 'b', 'c']],
    ['', []],
    ['🔥', []],
  ])('%j', (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });

  test.each([
    ['deleting', 'deletes'],
    ['repositories', 'repository'],
    ['queries', 'query'],
  ])('%s and %s are the same word', (one, other) => {
    expect(lexemeOf(one)).toBe(lexemeOf(other));
  });

  test('words that say nothing count in a name alone', () => {
    const { crawl } = scanOf('words', [
      { name: 'to_do', description: 'With the list of a user', inputSchema: { type: 'object' } },
    ]);
    const tool = crawl.status === 'failed' ? undefined : crawl.tools[0];
    if (tool === undefined) throw new Error('nothing was listed');
    const { lexemes, nameWords, spoken } = searchWords(tool);
    expect({ nameWords, spoken }).toEqual({ nameWords: 2, spoken: ['to', 'do'] });
    expect(lexemes).toEqual(['/words=2', '=2do', '=2to', 'do', 'list', 'to', 'user']);
  });

  test('a tool of any size has words by the hundred and no more, that an index takes', () => {
    const name = 'n'.repeat(100_000);
    const description = Array.from({ length: 50_000 }, (_, n) => `word${n}`).join(' ');
    const { crawl } = scanOf('words', [{ name, description, inputSchema: { type: 'object' } }]);
    const tool = crawl.status === 'failed' ? undefined : crawl.tools[0];
    if (tool === undefined) throw new Error('nothing was listed');
    const { lexemes } = searchWords(tool);
    expect(lexemes.length).toBeLessThan(1_000);
    expect(Math.max(...lexemes.map((lexeme) => Buffer.byteLength(lexeme)))).toBeLessThan(2_046);
  });
});
