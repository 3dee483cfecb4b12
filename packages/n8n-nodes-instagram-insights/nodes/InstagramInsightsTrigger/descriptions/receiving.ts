import {
	DEFAULT_GRAPH_VERSION,
	type FieldDelivery,
	LOGINS,
	type LoginType,
	WEBHOOK_FIELDS,
	type WebhookFieldRow,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
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

/** The choices of *Trigger On*. n8n's node picker shows each as an entry of its own, so they are few. */
const EVENTS = [
	{ name: 'All Events', value: ALL_FIELDS, description: 'Everything that comes, also what Meta adds later' },
	{ name: 'Comments', value: 'comments', description: describeField(WEBHOOK_FIELDS.comments) },
	{ name: 'Mentions', value: 'mentions', description: describeField(WEBHOOK_FIELDS.mentions) },
	{
		name: 'Messages and Their Changes',
		value: MESSAGE_GROUP,
		description: 'Someone sent, edited or reacted to a direct message. With Facebook Login, for apps with Messenger.',
	},
	{
		name: 'Other Fields',
		value: OTHER_FIELDS,
		description: 'Choose from all fields that Meta has, such as live comments',
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
			.map(([value, row]) => ({ name: row.title, value, description: describeField(row) }))
			.sort((a, b) => a.name.localeCompare(b.name, 'en')),
		default: ['live_comments'],
		required: true,
		allowArbitraryValues: true,
		description: 'Fields of the webhook object Instagram, under the names of Meta in expressions',
		displayOptions: { show: { fields: [OTHER_FIELDS] } },
	},
];

/** *Execute step* listens at the Test URL, which Meta does not call. */
const WAITING =
	'Execute step keeps waiting once the workflow is published: Meta calls the production URL only. To see an event here, comment on a post of the account, then open Executions and choose "Copy to editor".';

/** What to do outside of n8n, for the mode that is chosen. */
export const setUpNotices: INodeProperties[] = [
	{
		displayName: inLines('Set up once, in this order:', [
			'Publish this workflow: Meta calls the URL at once.',
			'In the <a href="https://developers.facebook.com/apps/" target="_blank">App Dashboard of Meta</a> open Webhooks (object Instagram). With Instagram Login open Instagram > API setup.',
			'Enter the production URL under Webhook URLs above as Callback URL, and the Verify Token of the credential.',
			'Subscribe to the fields you chose and to the account.',
			WAITING,
		]),
		name: 'directByHandNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['direct'], registration: ['manual'] } },
	},
	{
		displayName: inLines('', [
			'Publishing registers the production URL with Meta, unpublishing removes it. Meta keeps one callback URL for each app: this trigger does not take it away from another workflow. This n8n must be reachable from the internet over HTTPS.',
			WAITING,
		]),
		name: 'directAutomaticNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['direct'], registration: ['automatic'] } },
	},
	{
		displayName: inLines('Set up once, in this order:', [
			"On the relay's dashboard choose Add workflow, and paste the production URL under Webhook URLs above.",
			'Copy the secret it shows, and enter it as Relay Secret in the credential.',
			'Publish this workflow, then choose Send test event on the dashboard.',
		]),
		name: 'relayNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { mode: ['relay'] } },
	},
];

/** A notice as a list. n8n's notices know the tags `a`, `ul` and `li`, and drop all others without a word. */
function inLines(heading: string, lines: readonly string[]): string {
	return `${heading}<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
}

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
				'Only start for events of these accounts, and for samples of the Test button. Several IDs are separated by commas. Meta sends an app the events of all its accounts.',
		},
		{
			displayName: 'Drop Duplicates',
			name: 'dropDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether to leave out events that came before. Meta repeats an event for up to 36 hours until it is sure that it arrived. Samples of the Test button and events replayed from the relay always start the workflow, except those of a subscriber in mode passthrough.',
		},
		{
			displayName: 'Graph API Version',
			name: 'graphVersion',
			type: 'options',
			options: GRAPH_VERSION_OPTIONS,
			default: DEFAULT_GRAPH_VERSION,
			description: 'Version of the Graph API to register with',
			displayOptions: { show: { '/mode': ['direct'], '/registration': ['automatic'] } },
		},
		{
			displayName: 'Replace Callback URL',
			name: 'replaceCallback',
			type: 'boolean',
			default: false,
			description:
				"Whether to take the app's events over when Meta sends them to another address. The receiver at that address gets nothing any more. Listening for a test event never takes them from this published workflow.",
			displayOptions: { show: { '/mode': ['direct'], '/registration': ['automatic'] } },
		},
		{
			displayName: 'Tolerance (Seconds)',
			name: 'toleranceSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 300,
			description:
				'How far the time of a delivery may be from the clock of this machine. Others are refused, so that nobody can repeat a delivery they have seen.',
			displayOptions: { show: { '/mode': ['relay'] } },
		},
	],
};
