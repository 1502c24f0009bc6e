import type { AuditKind } from '../../read/record.ts';
import { nameOf } from '../../../protocol/calls/call.ts';
import { isObject, type Json } from '../../../protocol/values/json.ts';
import { actorOf, memberOf, type MapOf, type OcsfEvent, other, present, said } from '../event.ts';

/** An attempt of a call. */
export const attempt: MapOf<'attempt'> = (intent, record) => {
  const { server, tool, method, effect, toolHash } = intent;
  const name = nameOf({ server: String(server), tool: String(tool), ...(method ? { method } : {}) });
  return {
    class: 'api_activity',
    activity: effect === 'read-only' ? [2, 'Read'] : other('Attempt'),
    message: `attempt ${Number(intent.attempt)} of ${said(name)} (${said(effect)})`,
    more: {
      actor: actorOf(record),
      api: apiOf(String(server), String(method ?? tool), intent.callId),
      src_endpoint: { name: 'custody', uid: record.session },
      dst_endpoint: { name: said(server) },
      resources: [present({ name: said(name), type: 'MCP tool', uid: memberOf({ toolHash }, 'toolHash') })],
    },
  };
};

/** What became of it, with what rules said. */
export const outcome: MapOf<'outcome'> = ({ name, attempt: number, outcome: ended, lost, worker }, record) => {
  const decision = isObject(ended?.decision) ? ended.decision : undefined;
  const kind = ended ? String(ended.kind) : `lost: ${String(lost?.as ?? 'no outcome')}`;
  const code = memberOf(ended, 'code');
  const [server = '', ...tool] = said(name).split('.');
  const authorizations: Json = decision
    ? [
        present({
          decision: said(decision.verdict),
          policy: present({ name: rulesOf(decision.rules), type: said(decision.engine) }),
        }),
      ]
    : null;
  return {
    class: 'api_activity',
    activity: other('Outcome'),
    message: `attempt ${Number(number)} of ${said(name)}: ${said(kind)}`,
    more: {
      ...statusOf(kind, code),
      actor: present({ ...actorOf(record), authorizations }),
      api: apiOf(server, tool.join('.') || said(name), record.call, present({ code: undefined, error: code })),
      src_endpoint: { name: said(worker) || 'custody', uid: record.session },
      dst_endpoint: { name: server || 'unknown' },
    },
  };
};

const rulesOf = (rules: unknown): string =>
  Array.isArray(rules) && rules.length > 0 ? said(rules.join(', ')) : 'none';

export const recall: MapOf<'recall'> = ({ attempt: number, outcome: ended }, record) => {
  const kind = ended ? String(ended.kind) : 'not known';
  const what = `what became of attempt ${Number(number)}: ${said(kind)}`;
  return ofCall('Recall', what, statusOf(kind, memberOf(ended, 'code')))(record.data, record);
};

/** Something else that was said of a call. */
export const ofCall =
  (name: string, what?: string, more: OcsfEvent = {}): MapOf<AuditKind> =>
  (data, record) => ({
    class: 'api_activity',
    activity: other(name),
    message:
      what ??
      ([memberOf(data, 'code'), memberOf(data, 'message') ?? memberOf(data, 'reason')].filter(Boolean).join(': ') ||
        name),
    more: {
      ...more,
      ...present({ status_code: memberOf(data, 'code') }),
      actor: actorOf(record),
      api: apiOf('', name, record.call),
      src_endpoint: { name: 'custody', uid: record.session },
    },
  });

const apiOf = (server: string, operation: string, call: string | null, response?: OcsfEvent): OcsfEvent =>
  present({
    operation: said(operation) || 'unknown',
    service: server === '' ? undefined : { name: said(server) },
    request: call === null ? undefined : { uid: said(call) },
    response: response && Object.keys(response).length > 0 ? response : undefined,
  });

/** 1 Success, 2 Failure, 0 Unknown, 99 for what waits. */
function statusOf(kind: string, code: string | undefined): OcsfEvent {
  const id = kind === 'succeeded' ? 1 : FAILED.has(kind) ? 2 : WAITS.has(kind) ? 99 : 0;
  return present({ status_id: id, status: id === 99 ? kind : NAMES[id], status_code: code, status_detail: kind });
}

const NAMES = ['Unknown', 'Success', 'Failure'];
const FAILED: ReadonlySet<string> = new Set(['tool_error', 'failed', 'denied', 'not_sent']);
const WAITS: ReadonlySet<string> = new Set(['needs_approval', 'input_required']);
