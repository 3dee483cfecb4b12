import { APPS, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { CREDENTIAL } from '../receive/fake-webhook.mts';
import { startTriggerServer, type TriggerServer } from '../receive/trigger-server.mts';
import { type FakeHook, lifecycle } from './fake-hook.mts';

export const FACEBOOK: INodeParameters = { authentication: 'facebookLogin', fields: ['comments', 'story_insights'] };
export const APP_ONLY: INodeParameters = { authentication: 'none', fields: ['comments'] };

/** The app of Instagram Login, whose own secret signs its events. */
export const INSTAGRAM_APP = { appId: APPS.instagram.id, appSecret: APPS.instagram.secret };

export type Credentials = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/** Meta, and one workflow with the trigger that may be published there. */
export type Scene = {
	readonly sandbox: Sandbox;
	readonly server: TriggerServer;
	readonly staticData: IDataObject;
	readonly log: string[];
	/** The trigger, with automatic registration. */
	hook(parameters: INodeParameters, more?: Partial<FakeHook>): FakeHook;
	/** Its credentials, with some fields changed. */
	credentials(changes: Credentials): Credentials;
	/** The app's callbacks as Meta has them. */
	callbacks(app?: { id: string; secret: string }): Promise<IDataObject[]>;
	registeredFields(): Promise<string[]>;
	/** Fields the Instagram Login account sends its app; null when it sends nothing. */
	accountFields(): Promise<unknown>;
	/** Somebody else registers the app's callback. */
	registerElsewhere(parameters?: INodeParameters): Promise<TriggerServer>;
	stop(): Promise<void>;
};

export async function startScene(): Promise<Scene> {
	const sandbox = await startSandbox();
	const server = await startTriggerServer();
	const staticData: IDataObject = {};
	const log: string[] = [];
	const others: TriggerServer[] = [];
	const own: Credentials = {
		instagramInsightsWebhookApi: {
			...CREDENTIAL,
			appId: APPS.facebook.id,
			appSecret: APPS.facebook.secret,
			baseUrl: sandbox.facebookUrl,
		},
		instagramInsightsApi: { accessToken: 'IGAA-sandbox-bakery', baseUrl: sandbox.instagramUrl },
		instagramInsightsFacebookApi: { accessToken: 'EAA-sandbox-bakery', appSecret: '', baseUrl: sandbox.facebookUrl },
	};

	const hook: Scene['hook'] = (parameters, more = {}) => ({
		parameters: { registration: 'automatic', ...parameters },
		credentials: own,
		webhookUrl: `${server.origin}/webhook/abc/webhook`,
		staticData,
		log,
		...more,
	});

	const callbacks: Scene['callbacks'] = async (app = APPS.facebook) => {
		const headers = { authorization: `Bearer ${app.id}|${app.secret}` };
		const answer = await fetch(`${sandbox.facebookUrl}/v25.0/${app.id}/subscriptions`, { headers });
		return ((await answer.json()) as { data: IDataObject[] }).data;
	};

	return {
		sandbox,
		server,
		staticData,
		log,
		hook,
		callbacks,
		credentials: (changes) =>
			Object.fromEntries(Object.entries(own).map(([type, data]) => [type, { ...data, ...changes[type] }])),
		async registeredFields() {
			const [registered] = await callbacks();
			return ((registered?.fields ?? []) as { name: string }[]).map(({ name }) => name);
		},
		async accountFields() {
			const headers = { authorization: 'Bearer IGAA-sandbox-bakery' };
			const answer = await fetch(`${sandbox.instagramUrl}/v25.0/me/subscribed_apps`, { headers });
			return ((await answer.json()) as { data: IDataObject[] }).data[0]?.subscribed_fields ?? null;
		},
		async registerElsewhere(parameters = APP_ONLY) {
			const other = await startTriggerServer();
			others.push(other);
			const webhookUrl = `${other.origin}/webhook/other/webhook`;
			await lifecycle(hook(parameters, { webhookUrl, staticData: {} })).publish();
			return other;
		},
		async stop() {
			await sandbox.stop();
			await Promise.all([server, ...others].map((each) => each.stop()));
		},
	};
}
