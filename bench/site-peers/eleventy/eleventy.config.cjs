const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/** The project of Eleventy: the twins are copied as they are, pages and badges are templates. */
module.exports = (config) => {
  config.setUseGitIgnore(false);
  config.setTemplateFormats(['njk']);
  config.addPassthroughCopy({ twins: 'servers' });
  config.addGlobalData('looks', {
    low: { width: 134, text: 43, colour: '#3d6470' },
    medium: { width: 160, text: 69, colour: '#866000' },
    high: { width: 139, text: 48, colour: '#a64208' },
    critical: { width: 152, text: 61, colour: '#b3142c' },
  });
  // What a page includes is compiled once, the template itself for each page: so all of it is included.
  // Read when its page is made, so that the data of all tools are not in memory at once.
  config.addFilter('load', (tool) =>
    JSON.parse(readFileSync(join(__dirname, 'tools', `${tool}.json`), 'utf8')),
  );
  config.addFilter('of', (signals, group) => signals.filter((signal) => signal.group === group));
  config.addFilter('linkedData', linkedData);
  return { dir: { input: 'input' } };
};

/** The page in the words of schema.org, as JSON that cannot end the element that it stands in. */
function linkedData({ name, label, server, base }, url) {
  const trail = [
    { name: 'Tool Risk Catalogue', item: base },
    { name: label, item: `${base}servers/${server}/index.html` },
    { name },
  ];
  return JSON.stringify({
    '@context': 'https://schema.org',
    '@type': 'WebPage',
    name,
    url,
    about: { '@type': 'SoftwareApplication', name: label },
    breadcrumb: {
      '@type': 'BreadcrumbList',
      itemListElement: trail.map((crumb, index) => ({ '@type': 'ListItem', position: index + 1, ...crumb })),
    },
  }).replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}
