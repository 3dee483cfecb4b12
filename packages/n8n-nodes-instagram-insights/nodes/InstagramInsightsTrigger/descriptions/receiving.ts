import {
	type FieldDelivery,
	LOGINS,
	type LoginType,
	WEBHOOK_FIELDS,
	type WebhookFieldRow,
} from '@instagram-insights/core';
import type { INodeProperties } from 'n8n-workflow';
import { ALL_FIELDS } from '../fields/matchesFilter';

/** Where the events come from. */
export const modeParameter: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Direct From Meta',
			value: 'direct',
			description: 'Meta calls this workflow itself. It can call only one URL for each app.',
		},
		{
			name: 'Via Relay',
			value: 'relay',
			description: 'The webhook relay receives from Meta and passes events on to any number of workflows',
		},
	],
	default: 'direct',
};

export const fieldsParameter: INodeProperties = {
	displayName: 'Trigger On',
	name: 'fields',
	type: 'multiOptions',
	options: [
		{ name: 'All Fields', value: ALL_FIELDS, description: 'Everything that comes, also what Meta adds later' },
		...Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS).map(([value, row]) => ({
			name: row.title,
			value,
			description: describeField(row),
		})),
	].sort((a, b) => a.name.localeCompare(b.name, 'en')),
	default: [ALL_FIELDS],
	required: true,
	allowArbitraryValues: true,
};

/** What to do outside of n8n, for the mode that is chosen. */
export const setUpNotices: INodeProperties[] = [
	{
		displayName:
			'In the App Dashboard of Meta, enter the production URL under Webhook URLs above as Callback URL under Webhooks (object Instagram; with Instagram Login under Instagram > API setup), and the Verify Token of the credential. Publish this workflow first: Meta calls the URL at once. Then subscribe to the fields you chose and to the account.',
		name: 'directByHandNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['direct'], registration: ['manual'] } },
	},
	{
		displayName:
			'Publishing registers the production URL with Meta, unpublishing removes it. Meta keeps one callback URL for each app: this trigger does not take it away from another workflow. This n8n must be reachable from the internet over HTTPS.',
		name: 'directAutomaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['direct'], registration: ['automatic'] } },
	},
	{
		displayName:
			'In the subscribers file of the relay, add a subscriber with the production URL under Webhook URLs above as "url", the mode "event", and a "secret". Enter the same secret as Relay Secret in the credential. The test URL may stand beside it as "testUrl".',
		name: 'relayNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['relay'] } },
	},
];

type Ways = readonly (readonly [LoginType, FieldDelivery])[];

/** When the field comes, and what the login means for it. */
function describeField({ meaning, logins }: WebhookFieldRow): string {
	const ways = Object.entries(logins) as unknown as Ways;
	const sentences = [meaning ?? 'Meta takes this name and says nowhere when it comes.', ...loginNotes(ways)];
	// n8n's way: a single sentence has no full stop.
	return sentences.length === 1 ? (sentences[0]?.replace(/\.$/, '') ?? '') : sentences.join(' ');
}

function loginNotes(ways: Ways): readonly string[] {
	const those = (wanted: (way: FieldDelivery) => boolean) =>
		ways.filter(([, way]) => wanted(way)).map(([login]) => LOGINS[login].shortTitle);
	const carriers = new Set(ways.flatMap(([, way]) => (typeof way === 'string' ? [] : [way.with])));
	const missing = those((way) => way === 'none');
	return [
		...(missing.length > 0 ? [`Not with ${missing.join(' or ')}.`] : []),
		...(those((way) => way === 'messenger').length > 0
			? ['With Facebook Login, for apps with the product Messenger.']
			: []),
		...[...carriers].map((carrier) => {
			const by = those((way) => typeof way !== 'string' && way.with === carrier);
			return `${by.length === ways.length ? 'Meta' : `With ${by.join(' and ')}, Meta`} sends it along with ${carrier}.`;
		}),
	];
}
