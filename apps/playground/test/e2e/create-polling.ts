import type { N8nApi, StoredWorkflow } from '../../src/n8n/n8n-api.ts';

/** Name of the polling trigger in its workflow. */
export const POLLING_NAME = 'Instagram Insights Polling Trigger';

/** An unpublished workflow of one polling trigger, with its own credential for the sandbox. */
export async function createPolling(
	n8n: N8nApi,
	credential: { readonly accessToken: string; readonly baseUrl: string },
	parameters: Readonly<Record<string, unknown>>,
): Promise<StoredWorkflow> {
	const { id, name } = await n8n.createCredential('polling', 'instagramInsightsApi', credential);
	return n8n.createWorkflow({
		name: `polling ${String(parameters.event)}`,
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				id: 'trigger',
				name: POLLING_NAME,
				type: 'n8n-nodes-instagram-insights.instagramInsightsPollingTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters,
				credentials: { instagramInsightsApi: { id, name } },
			},
		],
		connections: {},
	});
}
