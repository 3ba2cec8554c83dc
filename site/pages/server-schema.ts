import { serverSchemaPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { publishedSchema } from '../published.ts';

export const page = defineSitePage({
  id: 'server-schema',
  title: 'Schema of a server as data',
  summary: 'The JSON Schema of every server’s JSON, as a file.',
  *entries() {
    yield {
      path: serverSchemaPath,
      render: () => `${JSON.stringify(publishedSchema('server'), undefined, 2)}\n`,
    };
  },
});
