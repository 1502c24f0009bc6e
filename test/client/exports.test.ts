import { fileURLToPath } from 'node:url';
import { API, type Project, type Symbol, SymbolFlags } from 'typescript/unstable/sync';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const api = new API({ cwd: root });
afterAll(() => api.close());

/** What a declaration may have that matters here; the syntax tree has it where the kind of the node does. */
interface Parts {
  readonly name?: Node;
  readonly modifiers?: readonly Node[];
  readonly body?: Node;
  readonly initializer?: Node;
  readonly typeName?: Node;
  readonly expression?: Node;
}

/** Of types that are computed from schemas: no name that anybody needs. */
const HELPERS = new Set(['Frozen']);
const REFERENCES = new Set([SyntaxKind.TypeReference, SyntaxKind.ExpressionWithTypeArguments]);

const isHidden = (node: Node): boolean => {
  const { name, modifiers = [] } = node as Node & Parts;
  // Handles are exported as a type alone, so nobody calls their constructor.
  const isUncallable = node.kind === SyntaxKind.Constructor;
  return (
    isUncallable ||
    name?.kind === SyntaxKind.PrivateIdentifier ||
    modifiers.some(({ kind }) => kind === SyntaxKind.PrivateKeyword)
  );
};

/** The names of types in the public part of a declaration. */
function* referencesIn(node: Node): Generator<Node> {
  if (isHidden(node)) return;
  const { body, initializer, typeName, expression } = node as Node & Parts;
  const name = REFERENCES.has(node.kind) ? (typeName ?? expression) : undefined;
  if (name) yield name;
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) if (child !== body && child !== initializer) yield* referencesIn(child);
}

/** Paths of the compiler are in lower case where the file system has no case. */
const isInside = (path: string): boolean => path.toLowerCase().startsWith(root.toLowerCase());

/** Types of this repository that the exports of a module name and that it does not export, each with who names it. */
function unexported(project: Project, path: string): string[] {
  const { checker, program } = project;
  const original = (symbol: Symbol): Symbol =>
    symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
  const exported = checker.getExportsOfModule(module).map(original);
  const known = new Set(exported.map(({ id }) => id));
  const isOwn = ({ flags, declarations, name }: Symbol): boolean =>
    !(flags & SymbolFlags.TypeParameter) &&
    !HELPERS.has(name) &&
    declarations.some(({ path }) => isInside(path) && !path.includes('/node_modules/'));
  return exported.flatMap((symbol) =>
    symbol.declarations.flatMap((each) =>
      [...referencesIn(each.resolve(project)!)]
        .map((name) => original(checker.getSymbolAtLocation(name)!))
        .filter((named) => isOwn(named) && !known.has(named.id))
        .map(({ name }) => `${name}, which ${symbol.name} names`),
    ),
  );
}

test('U1: every type that the methods and types of the SDK name is exported by it, too', () => {
  const snapshot = api.updateSnapshot({ openProjects: [`${root}tsconfig.json`] });
  const [project] = snapshot.getProjects();
  expect([...new Set(unexported(project!, `${root}client/index.ts`))]).toEqual([]);
});
