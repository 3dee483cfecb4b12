/**
 * Stand-ins for your own tests: a clock you move, a transport that plays a script, webhooks signed as Meta signs them.
 *
 * @module @instagram-insights/core/testing
 */

export { type ManualClock, manualClock } from './manual-clock.ts';
export { type ScriptedAnswer, type ScriptedTransport, scriptedTransport } from './scripted-transport.ts';
export { signWebhook } from './sign-webhook.ts';
