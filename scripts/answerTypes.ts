import {
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  EnumType,
  SchemaGenerator,
} from 'ts-json-schema-generator';
import { ACTS, PROVEN_ACTS } from '../protocol/identity/roles.ts';
import { NOTICE_KINDS } from '../protocol/notices/kinds.ts';

/** Types that follow from values, which the generator does not read. */
const OF_VALUES: { readonly [type: string]: readonly string[] } = {
  Act: Object.keys(ACTS),
  ProvenAct: PROVEN_ACTS,
  NoticeKind: NOTICE_KINDS,
};

type Definitions = Readonly<Record<string, unknown>>;

/**
 * JSON Schemas (draft-07) of types, each with those that it is made of; they allow members that the types have not.
 *
 * @param root of the sources, with a slash at its end
 * @param path of a file below it that knows the types
 */
export function schemasOf(root: string, path: string, types: readonly string[]): ReadonlyMap<string, Definitions> {
  const config = {
    ...DEFAULT_CONFIG,
    path: `${root}${path}`,
    tsconfig: `${root}tsconfig.json`,
    type: '*',
    skipTypeCheck: true,
    additionalProperties: true,
    topRef: true,
  };
  const program = createProgram(config);
  const parser = createParser(program, config, (chain) => {
    chain.addNodeParser({
      supportsNode: (node) => OF_VALUES[nameIn(node)] !== undefined,
      createType: (node) => new EnumType(nameIn(node), [...(OF_VALUES[nameIn(node)] ?? [])]),
    });
  });
  const generator = new SchemaGenerator(program, parser, createFormatter(config), config);
  return new Map(types.map((type) => [type, generator.createSchema(type).definitions ?? {}]));
}

/** The name of a type that is referred to; '' for what is no reference. */
function nameIn(node: object): string {
  const { typeName } = node as { readonly typeName?: { readonly escapedText?: unknown } };
  return typeof typeName?.escapedText === 'string' ? typeName.escapedText : '';
}
