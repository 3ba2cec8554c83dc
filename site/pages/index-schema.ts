import { indexSchemaPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { publishedSchema } from '../published.ts';

export const page = defineSitePage({
  id: 'index-schema',
  title: 'Schema of the index',
  summary: 'The JSON Schema of index.json, as a file.',
  *entries() {
    yield {
      path: indexSchemaPath,
      render: () => `${JSON.stringify(publishedSchema('index'), undefined, 2)}\n`,
    };
  },
});
