/**
 * The webhook contract with Meta, in the order a request meets it, and Standard Webhooks for those you deliver to.
 *
 * @module @instagram-insights/core/webhook
 */

export { nearestName } from '../catalog/nearest-name.ts';
export { WEBHOOK_FIELDS } from '../catalog/webhook-field.ts';
export { canonicalJson, type EventKey, eventKey } from './event-key.ts';
export { answerHandshake, type HandshakeAnswer } from './handshake.ts';
export type { InstagramEvent } from './instagram-event.ts';
export { type SplitBody, splitEvents } from './split-events.ts';
export {
	readWebhookSecret,
	type StandardWebhookHeaders,
	type StandardWebhookMessage,
	type StandardWebhookVerdict,
	signStandardWebhook,
	verifyStandardWebhook,
} from './standard-webhook.ts';
export {
	equalInConstantTime,
	type NamedSecret,
	type SignatureQuestion,
	type SignatureRefusal,
	type SignatureVerdict,
	verifySignature,
} from './verify-signature.ts';
