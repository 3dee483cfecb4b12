// FACTS

export * from './catalog/account-metric.ts';
export * from './catalog/account-metric-row.ts';
export * from './catalog/breakdown.ts';
export * from './catalog/graph-version.ts';
export * from './catalog/host.ts';
export * from './catalog/limit.ts';
export * from './catalog/media-metric.ts';
export * from './catalog/media-metric-row.ts';
export * from './catalog/media-metric-set.ts';
export * from './catalog/out-of-scope-metric.ts';
export * from './catalog/period.ts';
export * from './catalog/product-type.ts';
export * from './catalog/request-group.ts';
export * from './catalog/retired-metric.ts';
export * from './catalog/source.ts';
export * from './catalog/token-endpoint.ts';
// WIRE
export * from './graph/graph-request.ts';
// MEANING
export * from './insight/insight.ts';
// THE ONE ERROR
export * from './insights-error.ts';
// WEBHOOK CONTRACT
export * from './webhook/index.ts';
