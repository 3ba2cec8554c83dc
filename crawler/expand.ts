/** `${NAME}`, `${NAME:-default}` and `${env:NAME}`. */
const REFERENCE = /\$\{(?:env:)?([^}:]+)(?::-([^}]*))?\}/g;

/** VS Code's `${input:x}`, which only an editor can ask for. */
const INPUT = /\$\{(?:input|command|config):([^}]*)\}/g;

export interface Expanded {
  text: string;
  /** What could not be filled in. */
  missing: string[];
}

/**
 * Fills in the variables of a configuration value. A value that is nothing but `$NAME` counts as one, too. What has
 * neither a value nor a default stays as it is and is named in `missing`.
 */
export function expandVariables(
  value: string,
  variables: Readonly<Record<string, string | undefined>>,
): Expanded {
  const missing: string[] = [...value.matchAll(INPUT)].map(([, name = '']) => name);
  const whole = /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
  const text = (whole === undefined ? value : `\${${whole}}`).replaceAll(
    REFERENCE,
    (reference, name: string, otherwise: string | undefined) => {
      // As in a shell, `:-` also stands in for an empty value.
      const found = variables[name];
      if (found !== undefined && (found !== '' || otherwise === undefined)) return found;
      if (otherwise !== undefined) return otherwise;
      missing.push(name);
      return reference;
    },
  );
  return { text, missing };
}
