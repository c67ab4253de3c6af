import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A condition on a label, as it stands in a query. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** The parts of PromQL that a guard-rail can say too; `other` is everything else, in its own words. */
export type Expr =
  | { kind: 'number'; value: number }
  | { kind: 'selector'; metric: string; matchers: readonly Matcher[]; window: string }
  | { kind: 'call'; name: string; args: readonly Expr[] }
  | { kind: 'aggregate'; op: string; by: readonly string[] | undefined; args: readonly Expr[] }
  | { kind: 'binary'; op: string; left: Expr; right: Expr }
  | { kind: 'other'; text: string };

/** What `$__rate_interval` and its like stand for: Grafana chooses it by the width of the panel. */
const CHOSEN_BY_GRAFANA =
  /\$__(rate_interval|interval_ms|interval|range_s|range_ms|range)\b|\$\{__(rate_interval|interval|range)\}/g;
/** Takes the place of such a window while the query is parsed. */
const STAND_IN = '5m';

/**
 * Parses a query; undefined when it is no PromQL. A window that Grafana chooses becomes five minutes, and `chosen` says so.
 */
export function parsePromQl(text: string): { expr: Expr; chosen: boolean } | undefined {
  const source = text.replace(CHOSEN_BY_GRAFANA, STAND_IN);
  const top = parser.parse(source).topNode;
  const root = top.firstChild;
  if (root === null || root.nextSibling !== null || isBroken(top)) {
    return undefined;
  }
  return { expr: new Reader(source).read(root), chosen: source !== text };
}

function isBroken(top: SyntaxNode): boolean {
  let broken = false;
  top.cursor().iterate(({ type }) => {
    broken ||= type.isError;
  });
  return broken;
}

class Reader {
  constructor(readonly source: string) {}

  read(node: SyntaxNode): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return this.#number(node);
      case 'ParenExpr':
        return this.read(node.firstChild!);
      case 'VectorSelector':
        return this.#selector(node, '');
      case 'MatrixSelector':
        return this.#range(node);
      case 'FunctionCall':
        return { kind: 'call', name: this.#text(node.getChild('FunctionIdentifier')), args: this.#args(node) };
      case 'AggregateExpr':
        return this.#aggregate(node);
      case 'BinaryExpr':
        return this.#binary(node);
      default:
        return this.#other(node);
    }
  }

  #number(node: SyntaxNode): Expr {
    const value = Number(this.#text(node));
    return Number.isFinite(value) ? { kind: 'number', value } : this.#other(node);
  }

  #range(node: SyntaxNode): Expr {
    const selector = node.getChild('VectorSelector');
    const window = node.getChild('DurationExpr')?.getChild('NumberDurationLiteralInDurationContext');
    return selector && window ? this.#selector(selector, this.#text(window)) : this.#other(node);
  }

  #selector(node: SyntaxNode, window: string): Expr {
    const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(
      (one): Matcher => ({
        label: this.#text(one.getChild('LabelName')),
        op: this.#text(one.getChild('MatchOp')) as Matcher['op'],
        value: unquote(this.#text(one.getChild('StringLiteral'))),
      }),
    );
    const named = matchers.find(({ label, op }) => label === '__name__' && op === '=');
    const metric = this.#text(node.getChild('Identifier')) || named?.value || '';
    const isWhole = (node.getChild('LabelMatchers')?.getChildren('QuotedLabelMatcher') ?? []).length === 0;
    return metric === '' || !isWhole
      ? this.#other(node)
      : { kind: 'selector', metric, matchers: matchers.filter((one) => one !== named), window };
  }

  #args(node: SyntaxNode): Expr[] {
    const found: Expr[] = [];
    for (let child = node.getChild('FunctionCallBody')?.firstChild ?? null; child; child = child.nextSibling) {
      found.push(this.read(child));
    }
    return found;
  }

  #aggregate(node: SyntaxNode): Expr {
    const modifier = node.getChild('AggregateModifier');
    if (modifier?.getChild('Without')) {
      return this.#other(node);
    }
    const labels = modifier?.getChild('GroupingLabels')?.getChildren('LabelName');
    return {
      ...{ kind: 'aggregate', op: this.#text(node.getChild('AggregateOp')), args: this.#args(node) },
      by: labels?.map((label) => this.#text(label)),
    };
  }

  #binary(node: SyntaxNode): Expr {
    const children: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      children.push(child);
    }
    const [left, op, ...rest] = children.filter(({ name }) => name !== 'BoolModifier');
    // `on`, `ignoring` and `group_left` join series in a way that counters of calls cannot.
    return left === undefined || op === undefined || rest.length !== 1
      ? this.#other(node)
      : { kind: 'binary', op: this.#text(op), left: this.read(left), right: this.read(rest[0]!) };
  }

  #other(node: SyntaxNode): Expr {
    return { kind: 'other', text: this.#text(node) };
  }

  #text(node: SyntaxNode | null | undefined): string {
    return node ? this.source.slice(node.from, node.to) : '';
  }
}

/** The text of a string literal; escapes are those of JSON where people use them. */
function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) {
    return inner;
  }
  return inner.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter));
}
