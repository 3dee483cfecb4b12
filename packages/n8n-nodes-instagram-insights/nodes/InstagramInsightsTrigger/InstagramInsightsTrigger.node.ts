import {
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { toTriggerError } from '../graph/toNodeError';
import { searchOneAccount } from '../panel/listSearch';
import { simplifyParameter } from '../panel/options';
import { EVENT_NAMES, fieldsParameters, modeParameter, setUpNotices, triggerOptions } from './descriptions/receiving';
import { AUTOMATIC, registrationParameters } from './descriptions/registration';
import { answerWebhook } from './receive/answerWebhook';
import { createDeliveryMemory } from './receive/deliveryMemory';
import { checkRegistration, register, unregister } from './subscription/lifecycle';

/** Shared by the requests of this process. */
const memory = createDeliveryMemory();

/** Starts a workflow when something happens on Instagram, by Meta's webhooks or by those of the relay. */
export class InstagramInsightsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Instagram Insights Trigger',
		name: 'instagramInsightsTrigger',
		icon: {
			light: 'file:../../icons/instagramInsightsTrigger.svg',
			dark: 'file:../../icons/instagramInsightsTrigger.dark.svg',
		},
		group: ['trigger'],
		version: [1],
		subtitle: `={{ ($parameter["mode"] === "relay" ? "Via relay: " : "") + [].concat($parameter["fields"]).map((field) => (${JSON.stringify(EVENT_NAMES)})[field] ?? field).join(", ") }}`,
		// n8n shows the trigger's description for the trigger and the action node together.
		description:
			'Get the numbers of an Instagram account, its posts, reels, stories and audience, or start on comments, mentions and messages',
		eventTriggerDescription:
			'Waiting for an event at the Test URL. Meta calls only the registered callback URL: if that is the Production URL, publish the workflow and look under Executions.',
		activationMessage: 'Events that arrive at the Production URL now start this workflow.',
		triggerPanel: {
			header: 'Receive an event from Instagram',
			executionsHelp: {
				inactive:
					'<b>While you build the workflow</b>, click <i>Execute step</i>, then send an event to the Test URL: with the relay, <i>Send test event</i> to its test URL; with Registration set to Automatic, Meta sends events there by itself. With By Hand, Meta calls only the URL that you entered in the App Dashboard.<br /> <br /><b>When the workflow is ready</b>, publish it. Every event that arrives at the Production URL then starts it. You find these executions in the executions list, not in the editor.',
				active:
					'<b>This workflow is published</b>: every event that arrives at the Production URL starts it. You find these executions in the <a data-key="executions">executions list</a>, not in the editor.<br /> <br /><b>To test it here</b>, click <i>Execute step</i> and let the relay send an event to the Test URL. Meta knows one callback URL per app, and the published workflow is using it.',
			},
			activationHint:
				'When the workflow is ready, publish it. Every event then starts it, and you find the executions in the executions list.',
		},
		builderHint: {
			searchHint:
				'Unlike the Facebook and WhatsApp triggers, this one HAS a verify token. The user makes it up and enters it as Verify Token in the credential "Instagram Insights Webhook API", then the same word beside the callback URL in the App Dashboard of Meta (under Webhooks; with Instagram Login under Instagram > API setup). With registration = automatic the node tells Meta itself. Publish the workflow first: Meta calls the production URL only. Meta has one callback URL per app; for several workflows, use mode = relay. For new posts, thresholds or milestones, use the Instagram Insights Polling Trigger.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-instagram-insights.instagramInsights',
					relationHint: 'Reads the numbers of the post or account that an event names',
				},
				{
					nodeType: 'n8n-nodes-instagram-insights.instagramInsightsPollingTrigger',
					relationHint: 'Starts on what Meta has no events for: new posts, thresholds, milestones, expiring stories',
				},
			],
		},
		defaults: { name: 'Instagram Insights Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'instagramInsightsWebhookApi', required: true },
			{
				name: 'instagramInsightsApi',
				required: true,
				displayOptions: { show: { ...AUTOMATIC, authentication: ['instagramLogin'] } },
			},
			{
				name: 'instagramInsightsOAuth2Api',
				required: true,
				displayOptions: { show: { ...AUTOMATIC, authentication: ['instagramOAuth2'] } },
			},
			{
				name: 'instagramInsightsFacebookApi',
				required: true,
				displayOptions: { show: { ...AUTOMATIC, authentication: ['facebookLogin'] } },
			},
			{
				name: 'instagramInsightsFacebookOAuth2Api',
				required: true,
				displayOptions: { show: { ...AUTOMATIC, authentication: ['facebookOAuth2'] } },
			},
		],
		webhooks: [
			{ name: 'setup', httpMethod: 'GET', responseMode: 'onReceived', path: 'webhook', ndvHideUrl: true },
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'webhook',
				ndvHideMethod: true,
			},
		],
		properties: [
			modeParameter,
			...registrationParameters,
			...setUpNotices,
			...fieldsParameters,
			simplifyParameter,
			triggerOptions,
		],
	};

	methods = { listSearch: { searchAccounts: searchOneAccount } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				try {
					return await checkRegistration(this);
				} catch (error) {
					throw toTriggerError(this.getNode(), error);
				}
			},
			async create(this: IHookFunctions): Promise<boolean> {
				try {
					await register(this);
					return true;
				} catch (error) {
					throw toTriggerError(this.getNode(), error);
				}
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				try {
					await unregister(this);
					return true;
				} catch (error) {
					throw toTriggerError(this.getNode(), error);
				}
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await answerWebhook(this, memory);
	}
}
