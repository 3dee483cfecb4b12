export { type ManualClock, manualClock } from './manual-clock.ts';
export { type ScriptedAnswer, type ScriptedTransport, scriptedTransport } from './scripted-transport.ts';
export { signWebhook } from './sign-webhook.ts';
