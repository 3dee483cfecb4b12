// The webhook contract with Meta, in the order a request meets it, then the contract with those we deliver to.

export { type ExactJson, parseExactJson } from '../exact-json.ts';
export { canonicalJson } from './canonical-json.ts';
export { equalInConstantTime } from './constant-time.ts';
export { type EventKey, eventKey } from './event-key.ts';
export { answerHandshake, type HandshakeAnswer } from './handshake.ts';
export { type EventOrigin, type InstagramEvent, SAMPLE_ACCOUNT } from './instagram-event.ts';
export {
	type StandardWebhookHeaders,
	type StandardWebhookMessage,
	signStandardWebhook,
} from './sign-standard-webhook.ts';
export { type SplitBody, splitEvents } from './split-events.ts';
export { readWebhookSecret, type WebhookSecretReading } from './standard-webhook-secret.ts';
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
