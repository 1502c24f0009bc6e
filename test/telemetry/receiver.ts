import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
}

interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code?: number };
}

interface TraceRequest {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

/** A span as it arrived, its attributes as plain values. */
export interface SpanSeen extends Omit<WireSpan, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

const plain = ({ stringValue, intValue, doubleValue, arrayValue }: AnyValue): unknown =>
  stringValue ??
  (intValue === undefined ? undefined : Number(intValue)) ??
  doubleValue ??
  arrayValue?.values.map(plain);
const plainly = (given: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(given.map(({ key, value }) => [key, plain(value)]));

/** A receiver of OTLP over HTTP in JSON, as a collector is one. */
export class OtlpReceiver {
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  /** @param answer the status of each request, or none while the promise lasts */
  static async start(answer: () => number | Promise<number> = () => 200): Promise<OtlpReceiver> {
    const server = createServer((request, response) => void take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new OtlpReceiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      receiver.requests.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(await answer(), { 'content-type': 'application/json' }).end('{}');
    }
    return receiver;
  }

  /** Of all that came to /v1/traces, oldest first. */
  get spans(): readonly SpanSeen[] {
    const traces = this.requests.filter(({ path }) => path === '/v1/traces');
    return traces.flatMap(({ body }) =>
      ((JSON.parse(body) as TraceRequest).resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map((span) => ({
            ...span,
            attributes: plainly(span.attributes),
            resource: plainly(resource.attributes),
          })),
        ),
      ),
    );
  }

  /** The spans of a session, by `call id/attempt`. */
  spansOf(session: string): readonly (readonly [attempt: string, span: SpanSeen])[] {
    return this.spans
      .filter(({ attributes }) => attributes['gen_ai.conversation.id'] === session)
      .map((span) => [`${span.attributes['custody.call.id']}/${span.attributes['custody.attempt']}`, span]);
  }

  /** Names of the metrics that came. */
  get metrics(): ReadonlySet<string> {
    const metrics = this.requests.filter(({ path }) => path === '/v1/metrics');
    return new Set(
      metrics.flatMap(({ body }) => [...body.matchAll(/"name":"([a-z_.]+)"/g)].map(([, name]) => name ?? '')),
    );
  }

  stop(): Promise<void> {
    return this.#close();
  }
}
