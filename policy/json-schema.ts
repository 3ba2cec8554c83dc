import { z } from 'zod';
import { Condition, Limit, OPERANDS, Operator, PolicyDocument, Predicate, ToolRule } from './contract.ts';
import { PLACEHOLDER_PATTERN } from './placeholder.ts';

/** Names the schema for good: a document that it accepts means the same to every later release. */
const SCHEMA_ID = 'urn:tool-risk-catalogue:policy:1';

/** The JSON Schema (2020-12) of a policy document, as published in `policy/policy.schema.json`. */
export function policyJsonSchema(): Record<string, unknown> {
  const document = z.toJSONSchema(PolicyDocument, { io: 'input', unrepresentable: 'any' });
  const rules = {
    description: 'Rules by exact tool name. An empty rule allows the tool.',
    type: 'object',
    additionalProperties: { $ref: '#/$defs/rule' },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: SCHEMA_ID,
    title: 'Policy document, schema version 1',
    ...without(document, '$schema'),
    properties: {
      ...document.properties,
      all_tools: objectOf(PolicyDocument.shape.all_tools.unwrap(), { limits: listOf('limit') }),
      tools: rules,
    },
    $defs: {
      rule: objectOf(ToolRule, {
        require: listOf('predicate'),
        deny_if: listOf('predicate'),
        require_approval: listOf('predicate'),
        limits: listOf('limit'),
      }),
      predicate: objectOf(Predicate, { conditions: listOf('condition') }),
      condition: { ...objectOf(Condition, {}), required: ['path', 'op', 'value'], oneOf: operands() },
      limit: objectOf(Limit, {}),
    },
  };
}

/** The schema of an object in which these properties are written by reference. */
function objectOf(type: z.ZodType, byReference: Record<string, unknown>): Record<string, unknown> {
  const schema = without(z.toJSONSchema(type, { io: 'input' }), '$schema');
  return { ...schema, properties: { ...Object(schema.properties), ...byReference } };
}

function listOf(name: string): Record<string, unknown> {
  return { type: 'array', items: { $ref: `#/$defs/${name}` } };
}

/** For operators that compare with the same: what they take for their value, or a placeholder. */
function operands(): Record<string, unknown>[] {
  const placeholder = { type: 'string', pattern: PLACEHOLDER_PATTERN };
  const groups = Map.groupBy(Operator.options, (op) => OPERANDS[op].words);
  return [...groups.values()].map(([first, ...others]) => {
    const ops = [first, ...others].filter((op) => op !== undefined);
    const types = OPERANDS[first ?? 'eq'].types.map((type) => ({ type }));
    const value = ops.includes('exists') ? types : [...types, placeholder];
    return { properties: { op: { enum: ops }, ...(types.length > 0 && { value: { anyOf: value } }) } };
  });
}

function without(schema: object, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key));
}
