import type { Host } from '@instagram-insights/core';

export type AuthenticationRow = {
	/** As the panel shows it. */
	readonly name: string;
	readonly description: string;
	readonly credentialType: string;
	readonly host: Host;
};

/** The four ways to sign in, by value of the parameter `authentication`. The login decides the host. */
export const AUTHENTICATIONS = {
	instagramLogin: {
		name: 'Instagram Login (Access Token)',
		description: 'Token that begins with IGAA. It renews itself while workflows use it.',
		credentialType: 'instagramInsightsApi',
		host: 'graph.instagram.com',
	},
	instagramOAuth2: {
		name: 'Instagram Login (OAuth2)',
		description: 'Sign in with Instagram, for as long as n8n is not restarted',
		credentialType: 'instagramInsightsOAuth2Api',
		host: 'graph.instagram.com',
	},
	facebookLogin: {
		name: 'Facebook Login (Access Token)',
		description: 'Token that begins with EAA, of a user, a Page or a system user',
		credentialType: 'instagramInsightsFacebookApi',
		host: 'graph.facebook.com',
	},
	facebookOAuth2: {
		name: 'Facebook Login (OAuth2)',
		description: 'Sign in with Facebook, for about 60 days',
		credentialType: 'instagramInsightsFacebookOAuth2Api',
		host: 'graph.facebook.com',
	},
} as const satisfies Record<string, AuthenticationRow>;

export type Authentication = keyof typeof AUTHENTICATIONS;

/** The values of `authentication` whose tokens belong to a host. */
export function authenticationsOf(host: Host): Authentication[] {
	const names = Object.keys(AUTHENTICATIONS) as Authentication[];
	return names.filter((name) => AUTHENTICATIONS[name].host === host);
}

export function isAuthentication(value: unknown): value is Authentication {
	return typeof value === 'string' && Object.hasOwn(AUTHENTICATIONS, value);
}
