import { HOSTS, TOKEN_ENDPOINTS } from '@instagram-insights/core/internal';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { INSTAGRAM_TEST } from './credentialTests';
import { withLongLivedToken } from './exchangedToken';
import { addressOf, baseUrlParameters, DASHBOARD, notice } from './formParts';

const { authorizeUrl, codeExchangeUrl, longLived } = TOKEN_ENDPOINTS['graph.instagram.com'];

/**
 * Sign-in with Instagram (Business Login for Instagram). Meta first gives a token of one hour; it is exchanged for a
 * long-lived one, which n8n cannot store: see `exchangedToken.ts`.
 */
export class InstagramInsightsOAuth2Api implements ICredentialType {
	name = 'instagramInsightsOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Instagram Insights OAuth2 API';

	documentationUrl =
		'https://github.com/instagram-insights/instagram-insights/blob/main/packages/n8n-nodes-instagram-insights/README.md#instagram-login-with-oauth2';

	icon: Icon = { light: 'file:../icons/instagramInsights.svg', dark: 'file:../icons/instagramInsights.dark.svg' };

	properties: INodeProperties[] = [
		notice('limits', [
			'This sign-in ends when n8n restarts, then you must connect again. For workflows on a schedule, use the credential "Instagram Insights API", which renews itself.',
			`In Meta's ${DASHBOARD}, open Instagram > API setup with Instagram login > Business login settings and add the OAuth Redirect URL of this form.`,
			'Client ID and Client Secret are the Instagram app ID and Instagram app secret on that page, not the ID and secret of the Meta app.',
		]),
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: authorizeUrl,
			required: true,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: codeExchangeUrl,
			required: true,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: HOSTS['graph.instagram.com'].permissions.insights.join(','),
			required: true,
			description:
				'Permissions to ask for, separated by commas. For the Instagram Insights Trigger, add instagram_business_manage_comments (comments and mentions) or instagram_business_manage_messages (messages), then connect again.',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
		...baseUrlParameters('https://graph.instagram.com'),
	];

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const baseUrl = addressOf(credentials, 'https://graph.instagram.com');
		const requestFor = (shortToken: string) => ({
			url: `${baseUrl}${longLived.path}`,
			qs: {
				grant_type: longLived.grantType,
				client_secret: String(credentials.clientSecret ?? '').trim(),
				access_token: shortToken,
			},
		});
		return await withLongLivedToken(this.helpers, credentials, requestFor, Date.now());
	}

	/** Without a test, n8n accepts every token that has signed in once. */
	test = INSTAGRAM_TEST;
}
