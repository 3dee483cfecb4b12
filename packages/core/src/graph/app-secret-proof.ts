import { createHmac } from 'node:crypto';

/**
 * `appsecret_proof`: shows that the caller knows the app's secret as well as the token, so that a stolen token alone is
 * worth nothing. Lower-case hex HMAC-SHA256 of the token, keyed with the app secret. Meta requires it once the app's
 * setting "Require App Secret" is on (graph.facebook.com).
 */
export function appSecretProof(accessToken: string, appSecret: string): string {
	return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}
