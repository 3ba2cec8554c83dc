import { describe, expect, it } from 'vitest';
import { checkedUrl, href, outsideLink, serverPath, toolPath } from '../../site/links.ts';

const server = { slug: 'crow' };

describe('href', () => {
  it.each([
    ['index.html', serverPath(server), 'servers/crow/index.html'],
    [serverPath(server), 'index.html', '../../index.html'],
    [serverPath(server), toolPath(server, { slug: 'a~1' }), 'a~1.html'],
    [toolPath(server, { slug: 'a' }), toolPath({ slug: 'fox' }, { slug: 'b' }), '../fox/b.html'],
    ['404.html', 'assets/site.css', 'assets/site.css'],
  ])('leads from %s to %s', (from, to, address) => {
    expect(href(from, to)).toBe(address);
  });
});

describe('outsideLink', () => {
  it('links a web address and nothing else', () => {
    expect(outsideLink('https://a.example/x?a=1&b').toString()).toBe(
      '<a href="https://a.example/x?a=1&amp;b" rel="nofollow noopener noreferrer"><code>https://a.example/x?a=1&amp;b</code></a>',
    );
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//a.example',
      'file:///etc',
      'x',
      '',
    ]) {
      expect(outsideLink(address).toString()).not.toContain('<a');
    }
  });

  it('does not link an address that carries credentials', () => {
    expect(checkedUrl('https://user:secret@a.example/')).toBeUndefined();
  });
});
