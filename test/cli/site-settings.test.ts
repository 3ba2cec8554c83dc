import { describe, expect, it } from 'vitest';
import { siteAddress } from '../../cli/site-settings.ts';

describe('where a site will stand', () => {
  it.each([
    [undefined, undefined, { basePath: '/' }],
    [undefined, 'catalogue', { basePath: '/catalogue/' }],
    [undefined, '/a/b/', { basePath: '/a/b/' }],
    ['https://example.org', undefined, { baseUrl: 'https://example.org/', basePath: '/' }],
    ['https://example.org/risk', undefined, { baseUrl: 'https://example.org/risk/', basePath: '/risk/' }],
    ['http://localhost:8080/', '/x/', { baseUrl: 'http://localhost:8080/x/', basePath: '/x/' }],
    ['https://example.org/x/', 'x', { baseUrl: 'https://example.org/x/', basePath: '/x/' }],
  ])('%s with %s', (url, path, expected) => {
    expect(siteAddress(url, path)).toEqual(expected);
  });

  it.each([
    ['example.org', undefined, 'takes a web address'],
    ['javascript:alert(1)', undefined, 'takes a web address'],
    ['https://user:secret@example.org/', undefined, 'takes a web address'],
    ['https://example.org/?a=1', undefined, "without '?' and '#'"],
    ['https://example.org/a/', '/b/', 'Give the path in one of them'],
    [undefined, '/a b/', 'takes a path'],
    [undefined, '/a/../b/', 'takes a path'],
    [undefined, '/a?b', 'takes a path'],
  ])('refuses %s with %s', (url, path, words) => {
    expect(() => siteAddress(url, path)).toThrow(words);
  });
});
