import { toolSchemaPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { publishedSchema } from '../published.ts';

export const page = defineSitePage({
  id: 'tool-schema',
  title: 'Schema of a tool as data',
  summary: 'The JSON Schema of every tool’s JSON, as a file.',
  *entries() {
    yield {
      path: toolSchemaPath,
      render: () => `${JSON.stringify(publishedSchema('tool'), undefined, 2)}\n`,
    };
  },
});
