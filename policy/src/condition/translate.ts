import type { ASTNode } from '@marcbachmann/cel-js';

/** What a translated expression throws when a value has a type that only the reference engine may judge. */
export const FALLBACK: unique symbol = Symbol('fallback');

type Context = Record<string, unknown>;
type Fn = (context: Context) => unknown;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isString = (value: unknown): value is string => typeof value === 'string';

function fallback(): never {
  throw FALLBACK;
}

/**
 * Translates the common shapes of guard CEL (field paths, literals, comparisons, arithmetic on doubles, `&&`, `||`, `!`, `has`, `in` on constant lists, `startsWith`, `endsWith`, `contains`)
 * into closures. Values of an unexpected type make the closure throw {@link FALLBACK}; the caller then asks the reference engine, so the
 * meaning is always the engine's.
 * @returns null when the expression has a shape that is left to the engine
 */
export function translate(node: ASTNode): Fn | null {
  switch (node.op) {
    case 'value': {
      const literal = typeof node.args === 'bigint' ? Number(node.args) : node.args;
      return isNumber(literal) || isString(literal) || typeof literal === 'boolean' ? () => literal : null;
    }
    case 'id': {
      const name = node.args;
      return (context) => context[name];
    }
    case '.':
      return translatePath(node.args[0], node.args[1]);
    case '[]': {
      const key = node.args[1];
      return key.op === 'value' && isString(key.args) ? translatePath(node.args[0], key.args) : null;
    }
    case '!_': {
      const inner = translate(node.args);
      return inner === null ? null : (context) => !bool(inner(context));
    }
    case '-_': {
      const inner = translate(node.args);
      return inner === null ? null : (context) => -number(inner(context));
    }
    case '&&':
    case '||':
      return translateLogic(node.op, node.args);
    case '==':
    case '!=':
      return translateEquality(node.op === '==', node.args);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return translateOrder(node.op, node.args);
    case '+':
    case '-':
    case '*':
    case '/':
      return translateArithmetic(node.op, node.args);
    case 'in':
      return translateIn(node.args);
    case 'rcall':
      return translateMethod(node.args[0], node.args[1], node.args[2]);
    case 'call':
      return node.args[0] === 'has' ? translateHas(node.args[1]) : null;
    default:
      return null;
  }
}

function bool(value: unknown): boolean {
  return typeof value === 'boolean' ? value : fallback();
}
function number(value: unknown): number {
  return isNumber(value) ? value : fallback();
}

function translatePath(target: ASTNode, key: string): Fn | null {
  const object = translate(target);
  if (object === null || target.op === 'value') return null;
  // What every object inherits is no field; any other name needs no look at whose it is.
  if (key in Object.prototype) return (context) => ownMember(object(context), key);
  if (target.op === 'id') {
    const name = target.args;
    return (context) => member(context[name], key);
  }
  return (context) => member(object(context), key);
}

function member(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null) return fallback();
  const value = (object as Context)[key];
  return value === undefined || Array.isArray(object) ? ownMember(object, key) : value;
}

function ownMember(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, key)) return fallback();
  return (object as Context)[key];
}

function translateHas(args: readonly ASTNode[]): Fn | null {
  const [path] = args;
  if (args.length !== 1 || path?.op !== '.') return null;
  const [target, key] = path.args;
  const object = translate(target);
  if (object === null || target.op === 'value') return null;
  return (context) => {
    const value = object(context);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fallback();
    return Object.hasOwn(value, key) && (value as Context)[key] !== undefined;
  };
}

function translateLogic(op: '&&' | '||', args: readonly [ASTNode, ASTNode]): Fn | null {
  const left = translate(args[0]);
  const right = translate(args[1]);
  if (left === null || right === null) return null;
  // CEL's logic is commutative over errors; an unexpected type falls back, so only the plain case is decided here.
  return op === '&&'
    ? (context) => bool(left(context)) && bool(right(context))
    : (context) => bool(left(context)) || bool(right(context));
}

function translateEquality(positive: boolean, args: readonly [ASTNode, ASTNode]): Fn | null {
  const left = translate(args[0]);
  const right = translate(args[1]);
  if (left === null || right === null || (args[0].op === 'value' && args[1].op === 'value')) return null;
  if (args[1].op === 'value') {
    const literal = right({});
    const type = typeof literal;
    return (context) => {
      const value = left(context);
      return typeof value === type ? (value === literal) === positive : fallback();
    };
  }
  return (context) => {
    const a = left(context);
    const b = right(context);
    if (typeof a !== typeof b || typeof a === 'object' || a === undefined || typeof a === 'bigint') return fallback();
    return (a === b) === positive;
  };
}

function translateOrder(op: '<' | '<=' | '>' | '>=', args: readonly [ASTNode, ASTNode]): Fn | null {
  const left = translate(args[0]);
  const right = translate(args[1]);
  if (left === null || right === null || (args[0].op === 'value' && args[1].op === 'value')) return null;
  const literal = args[1].op === 'value' ? right({}) : undefined;
  if (isNumber(literal)) return ORDER_BY_NUMBER[op](left, literal);
  return (context) => {
    const a = left(context);
    const b = right(context);
    if (isNumber(a) ? !isNumber(b) : !isString(a) || !isString(b)) return fallback();
    switch (op) {
      case '<':
        return (a as number) < (b as number);
      case '<=':
        return (a as number) <= (b as number);
      case '>':
        return (a as number) > (b as number);
      case '>=':
        return (a as number) >= (b as number);
    }
  };
}

/** An order with a literal number on its right, the commonest of all. */
const ORDER_BY_NUMBER: Readonly<Record<'<' | '<=' | '>' | '>=', (left: Fn, literal: number) => Fn>> = {
  '<': (left, literal) => (context) => number(left(context)) < literal,
  '<=': (left, literal) => (context) => number(left(context)) <= literal,
  '>': (left, literal) => (context) => number(left(context)) > literal,
  '>=': (left, literal) => (context) => number(left(context)) >= literal,
};

/** Methods of texts that cost no more than the texts are long. */
const TEXT_METHODS: Readonly<Record<string, ((text: string, part: string) => boolean) | undefined>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

function translateMethod(name: string, target: ASTNode, args: readonly ASTNode[]): Fn | null {
  const method = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined;
  const text = translate(target);
  const part = args.length === 1 ? translate(args[0]!) : null;
  if (method === undefined || text === null || part === null || target.op === 'value') return null;
  return (context) => {
    const a = text(context);
    const b = part(context);
    return isString(a) && isString(b) ? method(a, b) : fallback();
  };
}

// Integer literals divide as integers in CEL; only expressions in which a variable (always a double) takes part are translated.
function hasVariable(node: ASTNode): boolean {
  switch (node.op) {
    case 'id':
    case '.':
    case '[]':
      return true;
    case '-_':
      return hasVariable(node.args);
    case '+':
    case '-':
    case '*':
    case '/':
      return hasVariable(node.args[0]) || hasVariable(node.args[1]);
    default:
      return false;
  }
}

function isArithmetic(node: ASTNode): boolean {
  return node.op === '+' || node.op === '-' || node.op === '*' || node.op === '/';
}

function translateArithmetic(op: '+' | '-' | '*' | '/', args: readonly [ASTNode, ASTNode]): Fn | null {
  for (const arg of args) if (isArithmetic(arg) && !hasVariable(arg)) return null;
  if (!hasVariable(args[0]) && !hasVariable(args[1])) return null;
  const left = translate(args[0]);
  const right = translate(args[1]);
  if (left === null || right === null) return null;
  switch (op) {
    case '+':
      return (context) => number(left(context)) + number(right(context));
    case '-':
      return (context) => number(left(context)) - number(right(context));
    case '*':
      return (context) => number(left(context)) * number(right(context));
    case '/':
      return (context) => number(left(context)) / number(right(context));
  }
}

function translateIn(args: readonly [ASTNode, ASTNode]): Fn | null {
  const needle = translate(args[0]);
  const list = args[1];
  if (needle === null || list.op !== 'list') return null;
  const items = new Set<string>();
  for (const item of list.args) {
    if (item.op !== 'value' || !isString(item.args)) return null;
    items.add(item.args);
  }
  return (context) => {
    const value = needle(context);
    return isString(value) ? items.has(value) : fallback();
  };
}
