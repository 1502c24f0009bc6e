import { entry } from './entry.ts';

/** What is wrong with workers and configuration. */
export const CONFIGURATION = {
  WORKER_LOST: entry(
    'The worker that ran the call died or was cut off.',
    'Nothing, if a worker runs again; otherwise start one with `custody worker`.',
    503,
    true,
  ),
  HELD_ELSEWHERE: entry(
    'Another worker holds this MCP server for the session, and the call was handed back unsent.',
    'Nothing: the call goes to the worker that holds the server.',
    503,
    true,
  ),
  WORKER_BUSY: entry(
    'The worker that holds this MCP server for the session has no free slot for the call.',
    'Nothing: the call is made when a slot is free. Where this goes on, raise `--max-calls` of the worker or ' +
      'start more workers.',
    503,
    true,
  ),
  CONFIG_CHANGED: entry(
    'The configuration of the worker is not the one that the session runs under.',
    'Give the worker the old configuration, or accept the new one with `custody resume --accept-changes`.',
    409,
  ),
  CONFIG_MISSING: entry(
    'The operator file custody.yaml cannot be opened.',
    'Run `custody init` for a set of files to begin with, or name yours with --config.',
    404,
  ),
  CONFIG_INVALID: entry(
    'The operator file custody.yaml cannot be used.',
    'Mend the lines that the message lists.',
    400,
  ),
  PROFILE_INVALID: entry('The governance profile cannot be used.', 'Mend the lines that the message lists.', 400),
  SPEC_INVALID: entry('The session spec cannot be used.', 'Mend the lines that the message lists.', 400, false, -32602),
  UNKNOWN_PROFILE: entry(
    'The configuration of the worker has no governance profile of this name.',
    'Use a profile that custody.yaml names under `profiles`.',
    404,
  ),
  OVERRIDE_OUT_OF_BOUNDS: entry(
    'The session spec overrides the profile beyond what it allows: overrides can only tighten.',
    'Leave the override out, or ask the operator for another profile.',
    403,
  ),
  SECRET_MISSING: entry(
    'An environment variable or file that custody.yaml refers to is not there.',
    'Set the variable or the file for the worker and start it again.',
    503,
  ),
  PLAN_STEP_FAILED: entry(
    'A step of the plan failed, and the plan says that the session ends then.',
    'Read the outcome of the call; set `onError` of the step to go on instead.',
    422,
  ),
  PLAN_REFERENCE_MISSING: entry(
    'A step of the plan refers to something that the earlier result does not have.',
    'Compare the reference with the result of the earlier call.',
    422,
  ),
  INTERNAL_ERROR: entry(
    'Custody itself failed.',
    'Report it with the history of the session; the session goes on.',
    500,
  ),
};
