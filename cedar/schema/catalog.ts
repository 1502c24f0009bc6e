import { type Effect, METHODS, type ReadMethod } from '../../protocol/calls/call.ts';
import { actionOf } from '../request.ts';
import { METHOD_SCHEMAS } from './methods.ts';
import { type Typed, typed } from './typing.ts';

/** A tool as a server lists it and custody.yaml has it. */
export interface ToolShape {
  readonly name: string;
  readonly effect: Effect;
  /** JSON Schema of its arguments. */
  readonly inputSchema: unknown;
  /** See `ToolPin.decimals`. */
  readonly decimals: readonly string[];
  /** Whether arguments are held against the schema before a call is decided; else they may be anything. */
  readonly isChecked: boolean;
}

export interface ServerShape {
  readonly server: string;
  /** Absent where the server was not opened. */
  readonly tools?: readonly ToolShape[];
}

/** What a rule can be about. */
export interface Action {
  /** As rules name it: `files.write_file`, `files resources/read`. */
  readonly id: string;
  readonly server: string;
  readonly effect: Effect;
  readonly method?: ReadMethod;
  readonly typed: Typed;
}

/** All that rules can be about under one configuration. */
export interface Catalog {
  readonly servers: readonly string[];
  /** Servers whose tools are not known. */
  readonly closed: readonly string[];
  readonly actions: ReadonlyMap<string, Action>;
}

const UNHELD: Typed = {
  attributes: {},
  unchecked: new Map([['', 'custody.yaml says checkArguments: false for the tool, so they may be anything']]),
};

const READS = METHODS.filter((method): method is ReadMethod => method !== 'tools/call');

export function catalogOf(servers: readonly ServerShape[]): Catalog {
  const actions = servers.flatMap(({ server, tools = [] }) => [
    ...tools.map(({ name, effect, inputSchema, decimals, isChecked }): Action => ({
      id: actionOf({ server, tool: name }),
      server,
      effect,
      typed: isChecked ? typed(inputSchema, decimals) : UNHELD,
    })),
    ...READS.map((method): Action => ({
      id: actionOf({ server, tool: method, method }),
      server,
      effect: 'read-only',
      method,
      typed: typed(METHOD_SCHEMAS[method], []),
    })),
  ]);
  return {
    servers: servers.map(({ server }) => server),
    closed: servers.filter(({ tools }) => tools === undefined).map(({ server }) => server),
    actions: new Map(actions.map((action) => [action.id, action])),
  };
}
