import type { INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../InstagramInsights/descriptions/account';
import { authenticationParameter } from '../../InstagramInsights/descriptions/authentication';
import { authenticationsOf } from '../../InstagramInsights/transport/authentication';

const DIRECT = { mode: ['direct'] };
const AUTOMATIC = { ...DIRECT, registration: ['automatic'] };

/** When the trigger speaks for an account, and therefore needs its token. */
export const WITH_ACCOUNT = { ...AUTOMATIC, subscribeAccount: [true] };

/** Who tells Meta about the callback URL, and with which token. */
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
				description: 'You enter the callback URL in the App Dashboard of Meta, once',
			},
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'Publishing this workflow registers it with Meta, and unpublishing removes it again',
			},
		],
		default: 'manual',
		displayOptions: { show: DIRECT },
	},
	{
		displayName: 'Subscribe the Account Too',
		name: 'subscribeAccount',
		type: 'boolean',
		default: true,
		description:
			'Whether to let the account send its events to the app, which Meta wants besides the callback URL. Switch it off when that was done elsewhere.',
		displayOptions: { show: AUTOMATIC },
	},
	{ ...authenticationParameter, displayOptions: { show: WITH_ACCOUNT } },
	{
		...accountParameter,
		description: 'Account that sends its events. With Facebook Login, a token may reach several.',
		displayOptions: { show: { ...WITH_ACCOUNT, authentication: authenticationsOf('graph.facebook.com') } },
	},
];
