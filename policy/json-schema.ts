import { z } from 'zod';
import { PolicyDocument, ToolRule } from './contract.ts';

/** The JSON Schema (2020-12) of a policy document, as published in `policy/policy.schema.json`. */
export function policyJsonSchema(): Record<string, unknown> {
  const rule = z.toJSONSchema(ToolRule, { io: 'input' });
  delete rule.$schema;
  const schema = z.toJSONSchema(PolicyDocument, { io: 'input', unrepresentable: 'any' });
  const tools = {
    description: 'Rules by exact tool name. An empty rule allows the tool.',
    type: 'object',
    additionalProperties: rule,
  };
  return {
    ...schema,
    title: 'Policy document, schema version 1',
    properties: { ...schema.properties, tools },
  };
}
