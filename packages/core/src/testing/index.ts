export { type ManualClock, manualClock } from './manual-clock.ts';
export { type ScriptedAnswer, type ScriptedTransport, scriptedTransport } from './scripted-transport.ts';

export { type SignedWebhook, signWebhook } from './sign-webhook.ts';
