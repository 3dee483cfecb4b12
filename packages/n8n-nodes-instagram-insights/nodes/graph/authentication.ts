import { HOSTS, type Host, hostOfToken, TOKEN_ENDPOINTS } from '@instagram-insights/core/internal';

export type AuthenticationRow = {
	/** Its name in the panel. */
	readonly name: string;
	readonly description: string;
	readonly credentialType: string;
	/** The name of the credential in n8n. */
	readonly credentialName: string;
	readonly host: Host;
};

const FACEBOOK_DAYS = TOKEN_ENDPOINTS['graph.facebook.com'].longLivedDays;

/** The four ways to sign in, by value of the parameter `authentication`. The login decides the host. */
export const AUTHENTICATIONS = {
	instagramLogin: {
		name: 'Instagram Login (Access Token, Recommended)',
		description: 'Token that begins with IGAA. It renews itself while workflows use it.',
		credentialType: 'instagramInsightsApi',
		credentialName: 'Instagram Insights API',
		host: 'graph.instagram.com',
	},
	instagramOAuth2: {
		name: 'Instagram Login (OAuth2, Until n8n Restarts)',
		description: 'Sign in with Instagram. The sign-in is lost when n8n restarts.',
		credentialType: 'instagramInsightsOAuth2Api',
		credentialName: 'Instagram Insights OAuth2 API',
		host: 'graph.instagram.com',
	},
	facebookLogin: {
		name: 'Facebook Login (Access Token)',
		description: 'Token that begins with EAA, from a user, a Page or a system user',
		credentialType: 'instagramInsightsFacebookApi',
		credentialName: 'Instagram Insights Facebook Login API',
		host: 'graph.facebook.com',
	},
	facebookOAuth2: {
		name: `Facebook Login (OAuth2, About ${FACEBOOK_DAYS} Days)`,
		description: `Sign in with Facebook. The sign-in lasts about ${FACEBOOK_DAYS} days.`,
		credentialType: 'instagramInsightsFacebookOAuth2Api',
		credentialName: 'Instagram Insights Facebook Login OAuth2 API',
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

export type WrongLogin = { readonly message: string; readonly advice: string };

/**
 * The error for a token that begins like those of the other login; null if it does not. Meta would answer that it cannot
 * parse the token, which looks like an expired one.
 */
export function wrongLogin(token: string, host: Host): WrongLogin | null {
	const other = hostOfToken(token);
	if (other === undefined || other === host) return null;
	const beginning = HOSTS[other].tokenPrefixes.find((prefix) => token.startsWith(prefix));
	const [theirs, ours] = [HOSTS[other].shortTitle, HOSTS[host].shortTitle];
	const right = Object.values(AUTHENTICATIONS).find((row) => row.host === other);
	return {
		message: `The token in the credential begins with ${beginning}: it comes from ${theirs}, not from ${ours}`,
		advice: `Put the token into a credential of the type "${right?.credentialName}" and choose that one; where the panel shows Authentication, choose "${right?.name}" there. Or paste a token of ${ours} into this credential. The token itself may be fine.`,
	};
}
