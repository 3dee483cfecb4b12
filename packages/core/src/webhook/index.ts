/**
 * The webhook contract with Meta, in the order a request meets it, and Standard Webhooks for those you deliver to.
 *
 * @module @instagram-insights/core/webhook
 */

export { canonicalJson } from './canonical-json.ts';
export { type EventKey, eventKey } from './event-key.ts';
export { answerHandshake, type HandshakeAnswer } from './handshake.ts';
export type { InstagramEvent } from './instagram-event.ts';
export {
	type StandardWebhookHeaders,
	type StandardWebhookMessage,
	signStandardWebhook,
} from './sign-standard-webhook.ts';
export { type SplitBody, splitEvents } from './split-events.ts';
export { readWebhookSecret } from './standard-webhook-secret.ts';
export {
	type NamedSecret,
	type SignatureQuestion,
	type SignatureRefusal,
	type SignatureVerdict,
	verifySignature,
} from './verify-signature.ts';
export {
	type StandardWebhookQuestion,
	type StandardWebhookVerdict,
	verifyStandardWebhook,
} from './verify-standard-webhook.ts';
