import { hash } from 'node:crypto';
import { canonicalJson } from '@instagram-insights/core/webhook';
import type { Subscriber } from './subscriber.ts';

/** A hash of a subscriber's settings, secrets included; it tells a change without telling a secret. */
export function revisionOf(subscriber: Subscriber): string {
	return hash('sha256', canonicalJson(subscriber), 'base64url');
}
