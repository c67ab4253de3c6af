import type { ASTNode } from '@marcbachmann/cel-js';
import { Environment, ParseError } from '@marcbachmann/cel-js';
import { GuardspanError } from '../error.js';
import type { TraceStep } from '../decide/types.js';
import { pathOf, walk } from './ast.js';
import type { ConditionPlace } from './cost.js';
import { CONDITION_BUDGET, estimateCost, isComprehension } from './cost.js';
import { partially } from './partially.js';
import { traceCondition } from './trace.js';
import { FALLBACK, translate } from './translate.js';
import { unknownField, unknownVariable } from './unknown-read.js';
import type { UnknownRead } from './unknown-read.js';
import type { Variables } from './variables.js';

/** Limits on one expression, checked at load. */
export const CONDITION_LIMITS = {
  /** Characters. */
  maxLength: 4096,
  /** Nodes of the syntax tree. */
  maxNodes: 200,
} as const;

/** A condition cannot be compiled. `offset` is the position in the expression. */
export class ConditionError extends GuardspanError {
  override readonly name = 'ConditionError';
  /** UTF-16 offset into the expression. */
  readonly offset: number;

  constructor(code: string, message: string, hint: string, offset: number) {
    super(code, message, hint);
    this.offset = offset;
  }
}

/** A type-checked expression. */
export interface Condition<T> {
  readonly source: string;
  /** Top-level variables that it reads. */
  readonly roots: readonly string[];
  /** Dotted paths that it reads, `root.field` at most. */
  readonly paths: readonly string[];
  /** Evaluates. Throws GuardspanError GUARDSPAN_CONDITION_FAILED when a value is missing or has the wrong type. */
  evaluate(context: object): T;
  /** What it comes to by a part of what it reads, whatever the rest is; undefined where that matters. `known` lacks the rest. Never throws. */
  partially(known: object): boolean | undefined;
  /** The steps that led to the value, bounded, without content. Never throws. */
  trace(context: object): TraceStep[];
}

/** Type of the result that a caller asks for. */
export type ConditionType = 'bool' | 'double';

/** The engine with the operators of guard CEL and these variables: the reference that translated conditions must equal. */
export function environmentFor(variables: Variables): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false });
  for (const [name, type] of Object.entries(variables)) {
    if (typeof type === 'string') environment.registerVariable(name, type);
    else environment.registerVariable(name, { schema: { ...type } });
  }
  // CEL has no mixed arithmetic; people write `2 * x` and `x == 3`, and every number of a call is a double.
  const both = [
    ['double', 'int'],
    ['int', 'double'],
  ] as const;
  for (const [left, right] of both) {
    environment.registerOperator(`${left} + ${right}: double`, (a: number, b: number) => Number(a) + Number(b));
    environment.registerOperator(`${left} - ${right}: double`, (a: number, b: number) => Number(a) - Number(b));
    environment.registerOperator(`${left} * ${right}: double`, (a: number, b: number) => Number(a) * Number(b));
    environment.registerOperator(`${left} / ${right}: double`, (a: number, b: number) => Number(a) / Number(b));
  }
  environment.registerOperator('double == int', (a: number, b: bigint) => a === Number(b));
  return environment;
}

const environments = new Map<string, Environment>();

function cachedEnvironment(variables: Variables): Environment {
  const key = JSON.stringify(variables);
  let environment = environments.get(key);
  if (environment === undefined) {
    // Bounded: a process sees few shapes; clearing only costs a rebuild.
    if (environments.size > 256) environments.clear();
    environment = environmentFor(variables);
    environments.set(key, environment);
  }
  return environment;
}

function checkProfile(ast: ASTNode, place: ConditionPlace): void {
  const budget = CONDITION_BUDGET[place];
  let nodes = 0;
  const visit = (node: ASTNode, nested: number): void => {
    nodes += 1;
    if (node.op === 'rcall' || node.op === 'call') {
      const name = node.args[0];
      if (name === 'matches') {
        throw new ConditionError(
          'GUARDSPAN_CEL_MATCHES',
          'matches() is not part of guard CEL: it runs a backtracking regular expression on each call',
          'use a detector under `uses`, or contains(), startsWith(), endsWith()',
          node.start,
        );
      }
    }
    if (isComprehension(node)) nested += 1;
    if (nested > budget.maxComprehensionDepth) {
      throw new ConditionError(
        'GUARDSPAN_CEL_COST',
        place === 'inline'
          ? 'comprehensions are nested too deeply for an expression that runs on each call'
          : 'comprehensions are nested too deeply for a window',
        'split the condition into several guard-rails, or compute the value before the call',
        node.start,
      );
    }
    walkChildren(node, (child) => visit(child, nested));
  };
  visit(ast, 0);
  if (nodes > CONDITION_LIMITS.maxNodes) {
    throw new ConditionError(
      'GUARDSPAN_CEL_COST',
      `the expression has ${nodes} nodes, more than ${CONDITION_LIMITS.maxNodes}`,
      'split it into several guard-rails',
      0,
    );
  }
  const cost = estimateCost(ast);
  if (cost > budget.maxCost) {
    throw new ConditionError(
      'GUARDSPAN_CEL_COST',
      `the expression may cost ${cost} units, more than the ${budget.maxCost} of ${place === 'inline' ? 'a condition that runs on each call' : 'a condition over a window'}`,
      'shorten what is evaluated for each item of a list, or split it into several guard-rails',
      0,
    );
  }
}

function walkChildren(node: ASTNode, visit: (child: ASTNode) => void): void {
  walk(node, (child, depth) => {
    if (depth === 1) visit(child);
  });
}

function readsOf(ast: ASTNode, variables: Variables): { roots: string[]; paths: string[] } {
  const roots = new Set<string>();
  const paths = new Set<string>();
  walk(ast, (node) => {
    const path = pathOf(node);
    if (path === null || !Object.hasOwn(variables, path[0]!)) return;
    roots.add(path[0]!);
    paths.add(path.slice(0, 2).join('.'));
  });
  return { roots: [...roots], paths: [...paths] };
}

/**
 * Compiles an expression of guard CEL: parsed, held to the profile and the budget of its place, type-checked against `variables`, and turned into a
 * function.
 * @throws ConditionError GUARDSPAN_CEL_SYNTAX, GUARDSPAN_CEL_TYPE, GUARDSPAN_CEL_UNKNOWN, GUARDSPAN_CEL_MATCHES, GUARDSPAN_CEL_COST
 */
export function compileCondition(
  source: string,
  variables: Variables,
  type: 'bool',
  place?: ConditionPlace,
): Condition<boolean>;
export function compileCondition(
  source: string,
  variables: Variables,
  type: 'double',
  place?: ConditionPlace,
): Condition<number>;
export function compileCondition(
  source: string,
  variables: Variables,
  type: ConditionType,
  place: ConditionPlace = 'inline',
): Condition<boolean | number> {
  if (source.length > CONDITION_LIMITS.maxLength) {
    throw new ConditionError(
      'GUARDSPAN_CEL_COST',
      `the expression is longer than ${CONDITION_LIMITS.maxLength} characters`,
      'shorten it',
      0,
    );
  }
  const environment = cachedEnvironment(variables);
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = environment.parse(source);
  } catch (error) {
    const parseError = error instanceof ParseError ? error : undefined;
    const message = parseError?.summary ?? (error as Error).message;
    throw new ConditionError(
      'GUARDSPAN_CEL_SYNTAX',
      message,
      'see docs/guardrails.md for the expressions that can be written',
      parseError?.range?.start ?? 0,
    );
  }
  checkProfile(parsed.ast, place);
  const checked = parsed.check();
  if (!checked.valid) {
    const error = checked.error!;
    const at = error.range?.start ?? 0;
    throw error.code === 'unknown_variable'
      ? unknown(unknownVariable(source, at, variables))
      : (unknown(error.code === 'no_such_key' ? unknownField(parsed.ast, variables) : undefined) ??
          new ConditionError(
            'GUARDSPAN_CEL_TYPE',
            // An operator on items of unknown type (`[].exists(e, e == 2)`) makes the engine fail without a summary of its own.
            error.summary || 'an operator cannot tell the types of its sides',
            error.code === 'cannot_index_type'
              ? 'a text, a number and true or false have no fields: see docs/guardrails.md for those of a call'
              : 'all numbers of a call are doubles; strings are quoted',
            at,
          ));
  }
  const never = unknown(unknownField(parsed.ast, variables));
  if (never !== undefined) throw never;
  const accepted = type === 'bool' ? ['bool'] : ['double', 'int', 'dyn'];
  if (!accepted.includes(checked.type ?? '')) {
    throw new ConditionError(
      'GUARDSPAN_CEL_TYPE',
      `the expression gives ${checked.type ?? 'nothing'} where ${type} is needed`,
      `write an expression that gives a ${type}`,
      0,
    );
  }
  const reads = readsOf(parsed.ast, variables);
  const fast = translate(parsed.ast);

  const reference = (context: object): boolean | number => {
    let value: unknown;
    try {
      value = parsed(context as Record<string, unknown>);
    } catch (error) {
      throw new GuardspanError(
        'GUARDSPAN_CONDITION_FAILED',
        `${source}: ${(error as { summary?: string }).summary ?? 'failed'}`,
        'guard missing values with has()',
        {
          cause: error,
        },
      );
    }
    if (typeof value === 'bigint') value = Number(value);
    if (typeof value !== (type === 'bool' ? 'boolean' : 'number')) {
      throw new GuardspanError(
        'GUARDSPAN_CONDITION_FAILED',
        `${source}: gives ${typeof value}`,
        `it must give a ${type}`,
      );
    }
    return value as boolean | number;
  };
  let part: ReturnType<typeof partially> | undefined;
  const expected = type === 'bool' ? 'boolean' : 'number';
  const evaluate =
    fast === null
      ? reference
      : (context: object): boolean | number => {
          try {
            const value = fast(context as Record<string, unknown>);
            if (typeof value === expected) return value as boolean | number;
          } catch (error) {
            if (error !== FALLBACK) throw error;
          }
          return reference(context);
        };
  return {
    source,
    roots: reads.roots,
    paths: reads.paths,
    evaluate,
    partially: (known) => (part ??= partially(parsed.ast))(known as Record<string, unknown>),
    trace: (context) => traceCondition(parsed.ast, environment, context),
  };
}

/** Names of the variables that an expression reads, although it may be wrong otherwise; none when it is no expression. */
export function rootsOf(source: string, variables: Variables): readonly string[] {
  try {
    return readsOf(cachedEnvironment(variables).parse(source).ast, variables).roots;
  } catch {
    return [];
  }
}

function unknown(read: UnknownRead): ConditionError;
function unknown(read: UnknownRead | undefined): ConditionError | undefined;
function unknown(read: UnknownRead | undefined): ConditionError | undefined {
  return read && new ConditionError('GUARDSPAN_CEL_UNKNOWN', read.message, read.hint, read.offset);
}
