import type { RequestListener } from 'node:http';
import { type Meter, ProxyTracerProvider, type Tracer } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { METRICS_TYPE } from './names.ts';
import { telling } from './telling.ts';

/** Milliseconds between exports. Spans that wait for theirs are lost with the process. */
const SPANS_EVERY = 1000;
const METRICS_EVERY = 30_000;
/** Milliseconds that one export may take, with what is tried again, and the last ones as the worker ends. */
const EXPORT = 5000;
/** Spans that wait; further ones are dropped. */
const QUEUE = 2048;
/** Characters of an attribute. */
const LONGEST = 1000;

const SCOPE = 'custody';

export interface ProviderOptions {
  /** Undefined where nothing is pushed. */
  readonly otlp: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  readonly prometheus: boolean;
  /** What kind of process it is. */
  readonly service?: string;
  /** Of this process. */
  readonly instance: string;
  /** Told when a receiver stops taking what is sent, and when it takes it again (undefined). */
  readonly tell: (signal: 'traces' | 'metrics', problem: string | undefined) => void;
}

export interface Providers {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** The metrics in Prometheus' form. */
  readonly read: (() => Promise<string>) | undefined;
  /** Answers with them. */
  readonly metrics: RequestListener | undefined;
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>;
}

/**
 * The SDK of OpenTelemetry, for one worker: nothing of it is global. What the configuration does not say is read from
 * the environment, as OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME.
 */
export function openProviders({
  otlp,
  prometheus,
  service = 'custody-worker',
  instance,
  tell,
}: ProviderOptions): Providers {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance }))
    .merge(detectResources({ detectors: [envDetector] }));
  const to = (path: string) => ({
    url: `${otlp?.url.replace(/\/+$/, '')}/v1/${path}`,
    headers: { ...otlp?.headers },
    timeoutMillis: EXPORT,
  });
  const spans = otlp && telling(new OTLPTraceExporter(to('traces')), (problem) => tell('traces', problem));
  const processor =
    spans &&
    new BatchSpanProcessor({
      exporter: spans,
      scheduledDelayMillis: SPANS_EVERY,
      maxQueueSize: QUEUE,
      exportTimeoutMillis: EXPORT,
    });
  const tracers = new TracerProvider({
    resource,
    spanProcessors: processor ? [processor] : [],
    spanLimits: { attributeValueLengthLimit: LONGEST },
  });
  const pushed = otlp && telling(new OTLPMetricExporter(to('metrics')), (problem) => tell('metrics', problem));
  const scraped = prometheus ? new PrometheusExporter({ preventServerStart: true }) : undefined;
  const readers: IMetricReader[] = [
    ...(pushed
      ? [
          new PeriodicExportingMetricReader({
            exporter: pushed,
            exportIntervalMillis: METRICS_EVERY,
            exportTimeoutMillis: EXPORT,
          }),
        ]
      : []),
    ...(scraped ? [scraped] : []),
  ];
  const meters = new MeterProvider({ resource, readers });
  return {
    // Spans that nobody gets would be parents that nobody finds: then the caller's own go on.
    tracer: (otlp ? tracers : new ProxyTracerProvider()).getTracer(SCOPE),
    meter: meters.getMeter(SCOPE),
    read: scraped && (() => textOf(scraped)),
    metrics: scraped && served(scraped),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, EXPORT);
      });
      const flushed = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      await Promise.race([flushed, late]).finally(() => clearTimeout(timer));
    },
  };
}

/** Whatever goes wrong, the worker goes on. */
const served =
  (reader: PrometheusExporter): RequestListener =>
  (_request, response) =>
    void textOf(reader).then(
      (text) => response.writeHead(200, { 'content-type': METRICS_TYPE }).end(text),
      () => response.writeHead(500).end(),
    );

async function textOf(reader: PrometheusExporter): Promise<string> {
  const { resourceMetrics } = await reader.collect();
  return new PrometheusSerializer().serialize(resourceMetrics);
}
