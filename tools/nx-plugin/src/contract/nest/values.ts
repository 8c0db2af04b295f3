import ts from 'typescript';

/** The value of an expression that says it plainly: texts, numbers, lists and objects of them, and constants that are so. */
export function valueOf(expression: ts.Expression, checker: ts.TypeChecker, steps = 0): unknown {
  if (steps > 20) return undefined;
  const inner = (each: ts.Expression) => valueOf(each, checker, steps + 1);
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (expression.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (expression.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.MinusToken) {
    const value = inner(expression.operand);
    return typeof value === 'number' ? -value : undefined;
  }
  if (
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression)
  )
    return inner(expression.expression);
  if (ts.isArrayLiteralExpression(expression)) return expression.elements.map(inner);
  if (ts.isObjectLiteralExpression(expression)) return objectOf(expression, inner);
  if (ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression))
    return constantOf(expression, checker, inner);
  const type = checker.getTypeAtLocation(expression);
  return type.isStringLiteral() || type.isNumberLiteral() ? type.value : undefined;
}

function objectOf(
  { properties }: ts.ObjectLiteralExpression,
  inner: (each: ts.Expression) => unknown,
): Readonly<Record<string, unknown>> | undefined {
  const entries = properties.map((property) => {
    if (!ts.isPropertyAssignment(property)) return undefined;
    const { name } = property;
    const key =
      ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
        ? name.text
        : undefined;
    const value = inner(property.initializer);
    return key === undefined || key === '__proto__' || value === undefined
      ? undefined
      : ([key, value] as const);
  });
  return entries.includes(undefined)
    ? undefined
    : Object.fromEntries(entries.flatMap((entry) => (entry === undefined ? [] : [entry])));
}

/** A constant, a member of an enum, or a property of a constant object. */
function constantOf(
  expression: ts.Identifier | ts.PropertyAccessExpression,
  checker: ts.TypeChecker,
  inner: (each: ts.Expression) => unknown,
): unknown {
  const symbol = checker.getSymbolAtLocation(expression);
  const target =
    symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  const declaration = target?.valueDeclaration;
  if (declaration === undefined) return undefined;
  if (ts.isEnumMember(declaration)) return checker.getConstantValue(declaration);
  if (
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isPropertyDeclaration(declaration)
  )
    return declaration.initializer === undefined ? undefined : inner(declaration.initializer);
  return undefined;
}

/** The calls that decorate something, by the decorator's name. */
export function decoratorsOf(
  node: ts.Node,
): readonly { readonly name: string; readonly call: ts.CallExpression }[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.flatMap(({ expression }) => {
    if (!ts.isCallExpression(expression)) return [];
    const { expression: called } = expression;
    const name = ts.isIdentifier(called)
      ? called.text
      : ts.isPropertyAccessExpression(called)
        ? called.name.text
        : '';
    return [{ name, call: expression }];
  });
}

/** The first sentence that is said of something. */
export function saidOf(node: ts.Node): string | undefined {
  const [said] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return ts.getTextOfJSDocComment(said?.comment) ?? undefined;
}
