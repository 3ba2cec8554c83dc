import { z } from 'zod';
import { isObject } from './json.ts';
import { MAX_ENTRY_VALUES, MAX_NAME_CHARS, MAX_URL_CHARS } from './limits.ts';

/**
 * A registry's `server.json`, in all its generations: snake_case (2025-07-09), camelCase, with the version in
 * `version_detail`, with `registry_name` and `name` for a package, with `transport_type` for a remote.
 */

const Name = z.string().min(1).max(MAX_NAME_CHARS);
const Address = z.string().min(1).max(MAX_URL_CHARS);
const Text = z.string().max(MAX_URL_CHARS).optional().catch(undefined);
/** Publishers write numbers and booleans where the schema has text. */
const Scalar = z
  .union([z.string().max(MAX_URL_CHARS), z.number(), z.boolean()])
  .nullish()
  .transform((value) => (value === undefined || value === null ? undefined : String(value)));
const Flag = z.boolean().default(false).catch(false);

/** An object whose own keys may be in snake_case; keys that are data, as those of `variables`, stay as they are. */
function cased<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(camelKeys, z.object(shape));
}

function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .max(MAX_ENTRY_VALUES)
    .nullish()
    .transform((items) => items ?? []);
}

const InputShape = {
  /** Fixed; may have `{names}` of `variables` in it. */
  value: Scalar,
  default: Scalar,
  isRequired: Flag,
};

const Variables = z
  .record(Name, cased(InputShape))
  .nullish()
  .transform((variables) => variables ?? {});

/** A value to be filled in, and what may be filled into it. */
export const Input = cased({ ...InputShape, variables: Variables });
export type Input = z.infer<typeof Input>;

const Argument = cased({
  ...InputShape,
  variables: Variables,
  type: z.enum(['positional', 'named']).catch('positional'),
  name: Text,
  valueHint: Text,
});
export type Argument = z.infer<typeof Argument>;

const Variable = cased({
  ...InputShape,
  variables: Variables,
  name: z
    .string()
    .max(MAX_NAME_CHARS)
    .regex(/^[A-Za-z_]\w*$/),
});
export type Variable = z.infer<typeof Variable>;

const Header = cased({
  ...InputShape,
  variables: Variables,
  name: z
    .string()
    .max(MAX_NAME_CHARS)
    .regex(/^[!#$%&'*+.^_`|~\w-]+$/),
});

/** `{"type":"stdio"}`, or its type alone. */
const TransportType = z
  .preprocess((value) => (isObject(value) ? value.type : value), z.string().max(MAX_NAME_CHARS))
  .default('stdio')
  .catch('stdio');

const Package = cased({
  registryType: Name.optional(),
  registryName: Name.optional(),
  identifier: Address.optional(),
  name: Address.optional(),
  version: Text,
  registryBaseUrl: Text,
  transport: TransportType,
  runtimeArguments: list(Argument),
  packageArguments: list(Argument),
  environmentVariables: list(Variable),
}).transform(({ registryType, registryName, identifier, name, ...rest }) => ({
  ...rest,
  registryType: (registryType ?? registryName ?? '').toLowerCase(),
  identifier: identifier ?? name ?? '',
}));
export type Package = z.infer<typeof Package>;

const Remote = cased({
  type: Text,
  transportType: Text,
  transport: TransportType.optional(),
  url: Address,
  variables: Variables,
  headers: list(Header),
}).transform(({ type, transportType, transport, ...rest }) => ({
  ...rest,
  type: type ?? transportType ?? transport ?? '',
}));
export type Remote = z.infer<typeof Remote>;

/** What a registry says of one server. */
export const ServerJson = cased({
  name: Name,
  version: Text,
  versionDetail: z.object({ version: Text }).optional().catch(undefined),
  status: Text,
  packages: list(Package),
  remotes: list(Remote),
}).transform(({ versionDetail, version, ...rest }) => ({
  ...rest,
  version: version ?? versionDetail?.version,
}));
export type ServerJson = z.infer<typeof ServerJson>;

/** The object with its keys in camelCase; anything else unchanged. */
export function camelKeys(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [camelCase(key), item]);
  return Object.fromEntries(entries);
}

function camelCase(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
