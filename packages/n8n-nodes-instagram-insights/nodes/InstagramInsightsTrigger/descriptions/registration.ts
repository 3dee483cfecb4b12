import type { INodeProperties } from 'n8n-workflow';
import { AUTHENTICATIONS, authenticationsOf } from '../../graph/authentication';
import { oneAccountParameter } from '../../panel/account';
import { byName } from '../../panel/metricOptions';

const DIRECT = { mode: ['direct'] };

/** When the trigger registers itself with Meta. */
export const AUTOMATIC = { ...DIRECT, registration: ['automatic'] };

/** Value of the choice not to subscribe an account. */
export const NO_ACCOUNT = 'none';

/** How the callback URL is registered, and with which token. */
export const registrationParameters: INodeProperties[] = [
	{
		displayName: 'Registration',
		name: 'registration',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'By Hand',
				value: 'manual',
				description: "You enter the callback URL in Meta's App Dashboard once",
			},
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'Publishing this workflow registers the URL with Meta, and unpublishing removes it',
			},
		],
		default: 'manual',
		displayOptions: { show: DIRECT },
	},
	{
		// n8n's editor moves a parameter that decides about credentials into the credential form, and hides those that it
		// depends on, unless it has a choice without a credential. Mode and Registration must stay visible.
		displayName: 'Account to Subscribe',
		name: 'authentication',
		type: 'options',
		options: [
			...Object.entries(AUTHENTICATIONS).map(([value, { name }]) => ({
				name: `With ${name}`,
				value,
				description: 'The account of this token sends its events to the app',
			})),
			{ name: 'None', value: NO_ACCOUNT, description: 'You have subscribed the account elsewhere' },
		].sort(byName),
		default: 'instagramLogin',
		description: 'Meta sends the events of an account only once it is subscribed to the app',
		displayOptions: { show: AUTOMATIC },
	},
	{
		...oneAccountParameter,
		description: 'The account that sends its events. A token of Facebook Login may reach several.',
		displayOptions: { show: { ...AUTOMATIC, authentication: authenticationsOf('graph.facebook.com') } },
	},
];
