export { createUndiciTransport, type UndiciTransportOptions } from './create-undici-transport.ts';
