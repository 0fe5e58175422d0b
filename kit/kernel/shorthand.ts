import type ts from '@tslab/typescript-for-tslab';
import type { TypeScript } from './tslab.ts';

const PREVIOUS = '__prev__.d.ts';

/**
 * Makes names of earlier cells work where they stand for a property as well.
 *
 * tslab turns a name of an earlier cell into `exports.name`, and misses two places: `f({ redis })` kept the bare
 * `redis`, which is not defined, and `const { id: x } = order` became `const { exports.id: x }` where `order` was
 * declared in an earlier cell.
 */
export function keepNames(
  compiler: TypeScript,
  checker: ts.TypeChecker,
): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = compiler;
  const isPrevious = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.some((one) => one.getSourceFile().fileName.endsWith(PREVIOUS)) === true;
  const fresh = (name: ts.Identifier) => factory.createIdentifier(name.text);

  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      if (compiler.isShorthandPropertyAssignment(node)) {
        if (isPrevious(checker.getShorthandAssignmentValueSymbol(node))) {
          const property = factory.createPropertyAccessExpression(
            factory.createIdentifier('exports'),
            fresh(node.name),
          );
          const fallback =
            node.objectAssignmentInitializer && compiler.visitNode(node.objectAssignmentInitializer, visit);
          const value = fallback ? factory.createAssignment(property, fallback as ts.Expression) : property;
          return factory.createPropertyAssignment(fresh(node.name), value);
        }
      }
      if (compiler.isBindingElement(node) && node.propertyName && compiler.isIdentifier(node.propertyName)) {
        const name = compiler.visitNode(node.name, visit) as ts.BindingName;
        const fallback = node.initializer && (compiler.visitNode(node.initializer, visit) as ts.Expression);
        return factory.updateBindingElement(
          node,
          node.dotDotDotToken,
          fresh(node.propertyName),
          name,
          fallback,
        );
      }
      return compiler.visitEachChild(node, visit, context);
    };
    return (file) => compiler.visitEachChild(file, visit, context);
  };
}
