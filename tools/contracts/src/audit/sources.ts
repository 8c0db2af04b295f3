import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import type { Found, Gateway, SourceFile } from './finding.js';

/** `// audit-allow call-without-deadline: the issuer answers within its own limit`, on the line before. */
export const ALLOWED = /\/\/ audit-allow ([a-z-]+): (.+)$/;

export function callsWithoutDeadline({ sources }: Gateway): readonly Found[] {
  return found(sources, 'call-without-deadline', (node) =>
    ts.isCallExpression(node) && node.expression.getText() === 'fetch' && !hasSignal(node.arguments[1])
      ? 'calls fetch without a signal: it waits for as long as the other end likes'
      : undefined,
  );
}

/** What cannot be seen here, a variable with the options, is given the benefit of the doubt. */
function hasSignal(options: ts.Expression | undefined): boolean {
  if (options === undefined) return false;
  if (!ts.isObjectLiteralExpression(options)) return true;
  return options.properties.some((each) => ts.isSpreadAssignment(each) || each.name?.getText() === 'signal');
}

/** The headers of a request, handed on as they are. */
const HEADERS = /\b(?:request|req|raw|incoming)\.headers$/;

export function forwardedRequestHeaders({ sources }: Gateway): readonly Found[] {
  return found(sources, 'forwarded-header', (node) => {
    const isHandedOn =
      (ts.isPropertyAssignment(node) &&
        node.name.getText() === 'headers' &&
        HEADERS.test(node.initializer.getText())) ||
      (ts.isSpreadAssignment(node) && HEADERS.test(node.expression.getText()));
    return isHandedOn ? "hands on a client's headers as they are" : undefined;
  });
}

export function gatewayImports(gateway: Gateway, gateways: readonly string[]): readonly Found[] {
  const others = gateways.filter((each) => each !== gateway.name);
  return found(gateway.sources, 'gateway-import', (node, { path }) => {
    const specifier = importedBy(node);
    if (specifier === undefined) return undefined;
    const target = specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
    const other = others.find(
      (name) => target.startsWith(`apps/${name}/`) || new RegExp(`^@[^/]+/${name}(?:/|$)`).test(target),
    );
    return other === undefined ? undefined : `uses code of ${other}`;
  });
}

function importedBy(node: ts.Node): string | undefined {
  const specifier =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : undefined;
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}

function found(
  sources: readonly SourceFile[],
  rule: string,
  judge: (node: ts.Node, file: SourceFile) => string | undefined,
): readonly Found[] {
  return sources.flatMap((file) => {
    const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
    const lines = file.text.split('\n');
    const all: Found[] = [];
    const visit = (node: ts.Node): void => {
      const says = judge(node, file);
      if (says !== undefined) {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line;
        const [, allowedRule, reason] = ALLOWED.exec(lines[line - 1] ?? '') ?? [];
        const allowed = allowedRule === rule ? reason : undefined;
        all.push({ place: `${file.path}:${line + 1}`, says, allowed });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return all;
  });
}
