import { DEFAULT_GRAPH_VERSION, LOGINS, TOKEN_ENDPOINTS } from '@instagram-insights/core/internal';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { FACEBOOK_TEST } from './credentialTests';
import { withLongLivedToken } from './exchangedToken';
import { addressOf, baseUrlParameters, DASHBOARD, notice } from './formParts';

const { insights, discovery, taggedMedia } = LOGINS.facebook.permissions;
const { authorizeUrl, codeExchangeUrl, longLived, longLivedDays } = TOKEN_ENDPOINTS['graph.facebook.com'];

/**
 * Sign-in with Facebook (Facebook Login for Business). Where Meta first gives a short-lived token, it is exchanged for
 * a long-lived one, which n8n cannot store: see `exchangedToken.ts`.
 */
export class InstagramInsightsFacebookOAuth2Api implements ICredentialType {
	name = 'instagramInsightsFacebookOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Instagram Insights Facebook Login OAuth2 API';

	documentationUrl =
		'https://github.com/instagram-insights/instagram-insights/blob/main/packages/n8n-nodes-instagram-insights/README.md#facebook-login-with-oauth2';

	icon: Icon = { light: 'file:../icons/instagramInsights.svg', dark: 'file:../icons/instagramInsights.dark.svg' };

	properties: INodeProperties[] = [
		notice('limits', [
			`This sign-in lasts about ${longLivedDays} days, then you must connect again. For workflows on a schedule, use the credential "Instagram Insights Facebook Login API" with a system user token, which does not expire.`,
			`In Meta's ${DASHBOARD}, open Facebook Login for Business > Settings and add the OAuth Redirect URL of this form.`,
			'Client ID and Client Secret are the App ID and App Secret under App settings > Basic.',
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
			default: [...new Set([...insights, ...discovery, ...taggedMedia, 'business_management'])].join(','),
			required: true,
			description:
				'Permissions to ask for, separated by commas. If Meta answers "Invalid Scopes", remove those that your app does not have: instagram_manage_comments is only for tagged media, comments and mentions, business_management only for Pages that a business portfolio owns. For the Instagram Insights Trigger, add pages_manage_metadata (to subscribe the account) or instagram_manage_messages (messages), then connect again. Ignored if you enter a Configuration ID.',
		},
		{
			displayName: 'Configuration ID',
			name: 'configurationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1234567890123456',
			description:
				'ID of the login configuration that holds the permissions, from Facebook Login for Business > Configurations. Leave empty if the app has none.',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '={{ ($self["configurationId"] || "").trim() ? "config_id=" + $self["configurationId"].trim() : "" }}',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
		...baseUrlParameters('https://graph.facebook.com'),
	];

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const baseUrl = addressOf(credentials, 'https://graph.facebook.com');
		const requestFor = (shortToken: string) => ({
			url: `${baseUrl}/${DEFAULT_GRAPH_VERSION}${longLived.path}`,
			qs: {
				grant_type: longLived.grantType,
				client_id: String(credentials.clientId ?? '').trim(),
				client_secret: String(credentials.clientSecret ?? '').trim(),
				fb_exchange_token: shortToken,
			},
		});
		return await withLongLivedToken(this.helpers, credentials, requestFor, Date.now());
	}

	/** Without a test, n8n accepts every token that has signed in once. */
	test = FACEBOOK_TEST;
}
