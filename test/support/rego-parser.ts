/** The reader of `rego.ts`: text to rules. */

export type Expr =
  | { kind: 'value'; value: unknown }
  | { kind: 'variable'; name: string }
  | { kind: 'member'; of: Expr; key: Expr }
  | { kind: 'call'; name: string; args: Expr[] }
  | { kind: 'infix'; op: string; left: Expr; right: Expr }
  | { kind: 'list' | 'set'; items: Expr[] }
  | { kind: 'object'; entries: [Expr, Expr][] }
  | { kind: 'collect'; item: Expr; body: Literal[] };

export type Literal =
  | { kind: 'some'; name: string; among: Expr }
  | { kind: 'every'; name: string; among: Expr; body: Literal[] }
  | { kind: 'assign'; name: string; to: Expr }
  | { kind: 'not'; expr: Expr }
  | { kind: 'test'; expr: Expr };

export interface Branch {
  value: Expr;
  body: Literal[];
}

interface Definition {
  /** Undefined for a rule that is no function. */
  params: Expr[] | undefined;
  branches: Branch[];
}

export interface Module {
  rules: Map<string, Definition[]>;
  defaults: Map<string, Expr>;
}

type Token = { kind: 'name' | 'value' | 'mark' | 'line' | 'end'; text: string; value?: unknown };

const TOKEN =
  /(?<blank>[ \t]+|#[^\n]*)|(?<line>\n)|(?<name>[a-z_][a-z_0-9]*)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<raw>`[^`]*`)|(?<number>-?\d+(?:\.\d+)?)|(?<mark>:=|==|!=|<=|>=|[<>{}()[\]|,;:.])/gy;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    at = match.index + match[0].length;
    const { line, name, text, raw, number, mark } = match.groups ?? {};
    if (line !== undefined) tokens.push({ kind: 'line', text: '\n' });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (raw !== undefined) tokens.push({ kind: 'value', text: raw, value: raw.slice(1, -1) });
    else if (text !== undefined || number !== undefined) {
      tokens.push({ kind: 'value', text: match[0], value: JSON.parse(match[0]) });
    }
  }
  if (at !== source.length)
    throw new Error(`This is no Rego that is known here: ${source.slice(at, at + 40)}`);
  return [...tokens, { kind: 'end', text: 'the end' }];
}

const RESERVED = ['package', 'import', 'default', 'if', 'else', 'some', 'every', 'in', 'not', 'with', 'as'];
const INFIX = ['==', '!=', '<', '<=', '>', '>=', 'in'];

/** Reads a module. Throws for anything outside of the part of Rego that is known here. */
export function parseRego(source: string): Module {
  const tokens = tokenize(source);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: 'the end' };
  const is = (text: string) => peek().text === text && peek().kind !== 'value';
  const next = (): Token => {
    const token = peek();
    at++;
    return token;
  };
  const lines = () => {
    while (peek().kind === 'line') at++;
  };
  const take = (text: string) => {
    if (!is(text)) throw new Error(`Expected ${text}, found ${peek().text}.`);
    at++;
  };
  const taken = (text: string): boolean => {
    if (!is(text)) return false;
    at++;
    return true;
  };
  const name = (): string => {
    const token = next();
    if (token.kind !== 'name' || RESERVED.includes(token.text)) throw new Error(`No name: ${token.text}`);
    return token.text;
  };

  const many = <Item>(close: string, item: () => Item): Item[] => {
    const items: Item[] = [];
    for (lines(); !is(close); lines()) {
      items.push(item());
      lines();
      if (!taken(',')) break;
    }
    lines();
    take(close);
    return items;
  };
  const term = (): Expr => {
    if (peek().kind === 'value') return { kind: 'value', value: next().value };
    if (taken('[')) return list();
    if (taken('{')) return braces();
    let expr: Expr = { kind: 'variable', name: name() };
    let path = expr.name;
    for (;;) {
      if (taken('.')) {
        const key = name();
        path = `${path}.${key}`;
        expr = { kind: 'member', of: expr, key: { kind: 'value', value: key } };
      } else if (taken('[')) {
        expr = { kind: 'member', of: expr, key: expression() };
        take(']');
        path = '';
      } else if (path !== '' && taken('(')) {
        expr = { kind: 'call', name: path, args: many(')', expression) };
        path = '';
      } else return expr;
    }
  };
  const list = (): Expr => {
    lines();
    if (taken(']')) return { kind: 'list', items: [] };
    const first = expression();
    if (taken('|')) {
      const body = [literal()];
      take(']');
      return { kind: 'collect', item: first, body };
    }
    if (taken(']')) return { kind: 'list', items: [first] };
    take(',');
    return { kind: 'list', items: [first, ...many(']', expression)] };
  };
  const braces = (): Expr => {
    lines();
    if (taken('}')) return { kind: 'object', entries: [] };
    const first = expression();
    if (!taken(':')) {
      if (taken('}')) return { kind: 'set', items: [first] };
      take(',');
      return { kind: 'set', items: [first, ...many('}', expression)] };
    }
    const value = expression();
    if (taken('}')) return { kind: 'object', entries: [[first, value]] };
    take(',');
    const entry = (): [Expr, Expr] => {
      const key = expression();
      take(':');
      return [key, expression()];
    };
    return { kind: 'object', entries: [[first, value], ...many('}', entry)] };
  };
  const expression = (): Expr => {
    const left = term();
    const op = peek();
    if (op.kind === 'value' || !INFIX.includes(op.text)) return left;
    at++;
    return { kind: 'infix', op: op.text, left, right: term() };
  };
  const literal = (): Literal => {
    if (taken('not')) return { kind: 'not', expr: expression() };
    if (is('some') || is('every')) {
      const kind = next().text;
      const variable = name();
      take('in');
      const among = term();
      return kind === 'some'
        ? { kind: 'some', name: variable, among }
        : { kind: 'every', name: variable, among, body: block() };
    }
    const expr = expression();
    if (!taken(':=')) return { kind: 'test', expr };
    if (expr.kind !== 'variable') throw new Error('Only a variable can be assigned.');
    return { kind: 'assign', name: expr.name, to: expression() };
  };
  const block = (): Literal[] => {
    take('{');
    const body: Literal[] = [];
    for (lines(); !is('}'); lines()) {
      body.push(literal());
      if (!is('}') && !taken(';') && peek().kind !== 'line') throw new Error(`Unexpected ${peek().text}.`);
    }
    take('}');
    if (body.length === 0) throw new Error('An empty body.');
    return body;
  };
  const condition = (): Literal[] => {
    if (!taken('if')) return [];
    return is('{') ? block() : [literal()];
  };
  const YES: Expr = { kind: 'value', value: true };
  const definition = (): Definition => {
    const params = taken('(') ? many(')', expression) : undefined;
    const branches: Branch[] = [];
    do {
      const value = taken(':=') ? expression() : YES;
      branches.push({ value, body: condition() });
    } while (taken('else'));
    return { params, branches };
  };

  const module: Module = { rules: new Map(), defaults: new Map() };
  lines();
  for (const head of ['package', 'mcp', '.', 'policy', '\n', '\n', 'import', 'rego', '.', 'v1', '\n'])
    take(head);
  for (lines(); peek().kind !== 'end'; lines()) {
    if (taken('default')) {
      const rule = name();
      take(':=');
      module.defaults.set(rule, term());
    } else {
      const rule = name();
      module.rules.set(rule, [...(module.rules.get(rule) ?? []), definition()]);
    }
    if (peek().kind !== 'line') throw new Error(`Unexpected ${peek().text} after a rule.`);
  }
  return module;
}
