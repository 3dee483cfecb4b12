export { openTraces, type Traces, type TracesOptions } from './open-traces.ts';
export { readTraceSettings, type TraceSettings } from './trace-settings.ts';
