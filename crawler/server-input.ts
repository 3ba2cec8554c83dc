import type { Argument, Input, Variable } from './server-json.ts';

/** A value that was filled in, or the names of what it needs, or nothing when it may be left out. */
type Filled = { value: string } | { needs: string[] } | undefined;

/** Many values: what could be filled in, and the names of what is still needed. */
export interface FilledAll<T> {
  filled: T;
  needs: string[];
}

/** `{name}`, but not a piece of JSON. */
const PLACE = /\{([A-Za-z_][\w.-]*)\}/g;

/**
 * Variables that decide what a runtime loads, and from where. A registry entry does not set them: it would make another
 * program of a package that it does not own.
 */
const MACHINERY =
  /^(?:path|home|shell|node_options|node_path|bash_env|env|pythonpath|pythonhome|pythonstartup|(?:npm_config|uv|pip|docker|ld|dyld)_.*|.*_proxy)$/i;

/**
 * Fills in one value: its fixed value with its variables, else its default. `unnamed` says what a `{name}` without a
 * variable of that name is: text, as the schema has it, or something that is missing.
 */
function fillInput(input: Input, name: string, unnamed: 'text' | 'missing'): Filled {
  if (input.value === undefined || input.value === '') {
    if (input.default !== undefined && input.default !== '') return { value: input.default };
    return input.isRequired ? { needs: [name] } : undefined;
  }
  const { value, missing } = fillPlaces(input.value, input.variables, unnamed);
  if (missing.length === 0) return { value };
  const required = input.isRequired || missing.some((each) => input.variables[each]?.isRequired);
  return required ? { needs: missing } : undefined;
}

/** Fills in the `{names}` of a text; what has no value stays and is named in `missing`. */
export function fillPlaces(
  text: string,
  variables: Input['variables'],
  unnamed: 'text' | 'missing',
): { value: string; missing: string[] } {
  const missing: string[] = [];
  const value = text.replaceAll(PLACE, (place, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (variable === undefined && unnamed === 'text') return place;
    const found = [variable?.value, variable?.default].find((each) => each !== undefined && each !== '');
    if (found === undefined) missing.push(name);
    return found ?? place;
  });
  return { value, missing };
}

/** The words of arguments. An optional one without a value is left out, with its name. */
export function fillArguments(args: readonly Argument[]): FilledAll<string[]> {
  return collect<Argument, string[]>(args, [], (words, argument) => {
    const option = argument.type === 'named' && argument.name !== undefined ? [argument.name] : [];
    // An option with an empty fixed value is how publishers write a switch.
    if (argument.value === '' && option.length > 0) return { value: [...words, ...option] };
    const filled = fillInput(
      argument,
      option[0] ?? argument.valueHint ?? argument.name ?? 'argument',
      'text',
    );
    return filled && 'value' in filled ? { value: [...words, ...option, filled.value] } : filled;
  });
}

/** Environment variables or headers, as values by name. */
export function fillNamed(items: readonly (Input & { name: string })[]): FilledAll<Record<string, string>> {
  return collect(items, {}, (values, item) => {
    const filled = fillInput(item, item.name, 'missing');
    return filled && 'value' in filled ? { value: { ...values, [item.name]: filled.value } } : filled;
  });
}

/** The variables that a registry entry may set. */
export function ownVariables(variables: readonly Variable[]): Variable[] {
  return variables.filter(({ name }) => !MACHINERY.test(name));
}

function collect<Item, T>(
  items: readonly Item[],
  start: T,
  add: (filled: T, item: Item) => { value: T } | { needs: string[] } | undefined,
): FilledAll<T> {
  return items.reduce<FilledAll<T>>(
    ({ filled, needs }, item) => {
      const next = add(filled, item);
      if (next === undefined) return { filled, needs };
      return 'value' in next ? { filled: next.value, needs } : { filled, needs: [...needs, ...next.needs] };
    },
    { filled: start, needs: [] },
  );
}
