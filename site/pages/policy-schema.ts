import { policyJsonSchema } from '../../policy/json-schema.ts';
import { policySchemaPath } from '../links.ts';
import { defineSitePage } from '../page.ts';

export const page = defineSitePage({
  id: 'policy-schema',
  title: 'Schema of policy.json',
  summary: 'The JSON Schema of every policy of the catalogue, as a file.',
  *entries() {
    yield { path: policySchemaPath, render: () => `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n` };
  },
});
