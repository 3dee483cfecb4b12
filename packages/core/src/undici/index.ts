/**
 * A transport over undici, for `createInsightsClient` and the other clients. `connect` uses it by itself.
 *
 * @module @instagram-insights/core/undici
 */

export { createUndiciTransport, type UndiciTransportOptions } from './create-undici-transport.ts';
