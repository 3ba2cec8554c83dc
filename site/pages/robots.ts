import { absolute, robotsPath, sitemapPath } from '../links.ts';
import { defineSitePage } from '../page.ts';

export const page = defineSitePage({
  id: 'robots',
  title: 'robots.txt',
  summary: 'Tells programs that they may read everything, and where the sitemap is.',
  *entries({ settings }) {
    const sitemap = absolute(settings, sitemapPath);
    yield {
      path: robotsPath,
      render: () => `User-agent: *\nAllow: /\n${sitemap === undefined ? '' : `\nSitemap: ${sitemap}\n`}`,
    };
  },
});
