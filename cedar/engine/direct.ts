import { getCedarVersion, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { cedarCall, type Engine, saidBy, unevaluated } from './engine.ts';
import { keepWasmApart } from './wasm.ts';

keepWasmApart();

/** Evaluates where it is asked, for as long as it takes: for commands that a person waits for. */
export const directEngine = (): Engine => ({
  name: `cedar ${getCedarVersion()}`,
  async prepare(set, rules) {
    preparsePolicySet(set, { staticPolicies: { ...rules } });
  },
  async ask(set, request) {
    try {
      return saidBy(statefulIsAuthorized(cedarCall(set, request)));
    } catch (error) {
      return unevaluated((error as Error).message);
    }
  },
});
