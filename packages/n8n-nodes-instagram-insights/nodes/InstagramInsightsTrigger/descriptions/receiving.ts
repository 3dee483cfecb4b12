import {
	DEFAULT_GRAPH_VERSION,
	type FieldDelivery,
	LOGINS,
	type LoginType,
	WEBHOOK_FIELDS,
	type WebhookFieldRow,
	webhookFieldRow,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { byName } from '../../panel/metricOptions';
import { GRAPH_VERSION_OPTIONS } from '../../panel/options';
import { ALL_FIELDS, MESSAGE_GROUP, OTHER_FIELDS } from '../receive/parameters';

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
			description: 'Meta calls this workflow. It can call only one URL per app.',
		},
		{
			name: 'Via Relay',
			value: 'relay',
			description: 'The webhook relay receives the events and delivers them to any number of workflows',
		},
	],
	default: 'direct',
};

/** The choices of *Trigger On*. They are few because n8n's node picker shows each as its own entry. */
const EVENTS = [
	{ name: 'All Events', value: ALL_FIELDS, description: 'Everything Meta sends, including fields it adds later' },
	{ name: 'Comments', value: 'comments', description: describeField(WEBHOOK_FIELDS.comments) },
	{ name: 'Mentions', value: 'mentions', description: describeField(WEBHOOK_FIELDS.mentions) },
	{
		name: 'Messages and Their Changes',
		value: MESSAGE_GROUP,
		description:
			'Someone sent, edited or reacted to a direct message. For messages that the account itself sends, add Options > Include Sent Messages. With Facebook Login, for apps with the product Messenger.',
	},
	{
		name: 'Other Fields',
		value: OTHER_FIELDS,
		description: 'Choose from all fields that Meta offers, such as live comments',
	},
	{ name: 'Story Insights', value: 'story_insights', description: describeField(WEBHOOK_FIELDS.story_insights) },
];

/** What each choice is called, for the subtitle. */
export const EVENT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
	EVENTS.map(({ name, value }) => [value, name]),
);

export const fieldsParameters: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'fields',
		type: 'multiOptions',
		options: EVENTS,
		default: [ALL_FIELDS],
		required: true,
		allowArbitraryValues: true,
	},
	{
		displayName: 'Fields',
		name: 'otherFields',
		type: 'multiOptions',
		options: Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS)
			.filter(([, { logins }]) => Object.values(logins).some((way) => typeof way === 'string' && way !== 'none'))
			.map(([value, row]) => ({ name: row.title, value, description: describeField(row) }))
			.sort(byName),
		default: ['live_comments'],
		required: true,
		allowArbitraryValues: true,
		description: "Fields of the webhook object Instagram. In expressions, use Meta's names, such as live_comments.",
		displayOptions: { show: { fields: [OTHER_FIELDS] } },
	},
];

/** *Execute step* listens at the test URL, which Meta does not call. */
const WAITING =
	'Why Execute step waits: it listens at the test URL, and Meta calls the production URL only. To see an event here, publish the workflow, comment on a post of the account, then open Executions and choose "Copy to editor".';

/** What to do outside of n8n, for the chosen mode. */
export const setUpNotices: INodeProperties[] = [
	{
		displayName: inLines('Set up once, in this order:', [
			'Publish this workflow. Meta checks the URL as soon as you enter it.',
			'In Meta\'s <a href="https://developers.facebook.com/apps/" target="_blank">App Dashboard</a>, open Webhooks and choose Instagram. With Instagram Login, open Instagram > API setup with Instagram login instead.',
			'As Callback URL, enter the production URL from Webhook URLs above. As Verify Token, enter the one you made up in the credential.',
			'Subscribe to the fields you chose below, and turn on webhooks for the account.',
			WAITING,
		]),
		name: 'directByHandNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['direct'], registration: ['manual'] } },
	},
	{
		displayName: inLines('', [
			'Publishing registers the production URL with Meta, and unpublishing removes it. Meta must reach this n8n from the internet over HTTPS.',
			'Meta keeps one callback URL per app. This trigger does not take it from another workflow. For several workflows, use the relay.',
			'While the workflow is not published, Execute step registers the test URL, and events arrive here. Once it is published, they start the workflow instead: find them under Executions.',
		]),
		name: 'directAutomaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['direct'], registration: ['automatic'] } },
	},
	{
		displayName: inLines('Set up once, in this order:', [
			"On the relay's dashboard, choose Add workflow and paste the production URL from Webhook URLs above.",
			'Copy the secret it shows. In the credential, set Events Come From to Webhook Relay and enter it as Relay Secret.',
			'Publish this workflow, then choose Send test event on the dashboard.',
		]),
		name: 'relayNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['relay'] } },
	},
];

/** A notice as a list. n8n's notices show the tags `a`, `ul` and `li`, and drop all others. */
function inLines(heading: string, lines: readonly string[]): string {
	return `${heading}<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
}

type Ways = readonly (readonly [LoginType, FieldDelivery])[];

/** When Meta sends the field, and with which logins. */
function describeField({ meaning, logins }: WebhookFieldRow): string {
	const ways = Object.entries(logins) as unknown as Ways;
	const sentences = [meaning ?? 'Meta accepts this name but does not document when it comes.', ...loginNotes(ways)];
	// n8n's style: a single sentence has no full stop.
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
			const { title } = webhookFieldRow(carrier) ?? { title: carrier };
			return `With ${by.join(' and ')}, these arrive among those of "${title}": choose that one.`;
		}),
	];
}

export const triggerOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Account IDs',
			name: 'accountIds',
			type: 'string',
			default: '',
			placeholder: 'e.g. 17841400000000001',
			description:
				'Start only for events of these accounts. Separate several IDs with commas. Leave empty for every account of the app. Samples from the Test button always pass.',
		},
		{
			displayName: 'Drop Duplicates',
			name: 'dropDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether to skip events that have already started the workflow. Meta repeats an event for up to 36 hours until it is confirmed. Samples from the Test button and events replayed by the relay in mode "event" always pass.',
		},
		{
			displayName: 'Graph API Version',
			name: 'graphVersion',
			type: 'options',
			options: GRAPH_VERSION_OPTIONS,
			default: DEFAULT_GRAPH_VERSION,
			description: 'Version of the Graph API to register the callback URL with',
			displayOptions: { show: { '/mode': ['direct'], '/registration': ['automatic'] } },
		},
		{
			displayName: 'Include Sent Messages',
			name: 'includeSent',
			type: 'boolean',
			default: false,
			description:
				'Whether messages that the account itself sends start the workflow too. Meta sends them with the messages; their field is message_echoes. Do not turn this on in a workflow that answers messages: it would start itself.',
			displayOptions: { show: { '/fields': [MESSAGE_GROUP, OTHER_FIELDS] } },
		},
		{
			displayName: 'Replace Callback URL',
			name: 'replaceCallback',
			type: 'boolean',
			default: false,
			description:
				"Whether to replace the app's callback URL when Meta sends the events to another address. That address then gets no more events. Listening for a test event never takes them from this workflow once it is published.",
			displayOptions: { show: { '/mode': ['direct'], '/registration': ['automatic'] } },
		},
		{
			displayName: 'Tolerance (Seconds)',
			name: 'toleranceSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 300,
			description:
				'How far the time of a delivery may differ from the clock of n8n. Other deliveries are refused, so that nobody can replay an old one.',
			displayOptions: { show: { '/mode': ['relay'] } },
		},
	],
};
