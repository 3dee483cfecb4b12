import { answerHandshake, type HandshakeAnswer } from '@instagram-insights/core/internal';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { type DeliveryMemory, readSeenDays } from './deliveryMemory';
import { eventItem } from './eventItem';
import {
	matchesFilter,
	type ReceiveParameters,
	readAppSecrets,
	readReceiveParameters,
	readRelaySecrets,
	readVerifyToken,
	type WebhookCredential,
} from './parameters';
import { type Reception, receiveFromMeta, receiveFromRelay, type TriggerEvent } from './receiveEvents';

/** Key of the handed-over events in the node's static data. */
const SEEN = 'seen';

const REFUSALS: Readonly<Record<Extract<Reception, { kind: 'refused' }>['status'], string>> = {
	400: 'This request has no body to verify.',
	401: 'The signature is missing or wrong.',
	422: 'This is not a delivery of the relay.',
	425: 'The signature is right, but its time is not: the clocks differ by more than the tolerance.',
};

const NO_HANDSHAKE = 'it is not the request that Meta sends to verify a callback URL';

const HANDSHAKE_REASONS: Readonly<Record<Extract<HandshakeAnswer, { accepted: false }>['reason'], string>> = {
	'missing-parameter': NO_HANDSHAKE,
	'wrong-mode': NO_HANDSHAKE,
	'repeated-parameter': NO_HANDSHAKE,
	'wrong-token':
		'its verify token differs from the Verify Token in the credential. Enter the same word next to the callback URL in the App Dashboard',
	'no-token-configured': 'the credential holds no Verify Token',
};

/**
 * Answer one request to the webhook URL: Meta's handshake, or events.
 *
 * The order: verify the bytes, read them, filter, drop repetitions. n8n answers 200 after it has started the execution. If
 * anything fails before that, the sender gets another status and tries again.
 */
export async function answerWebhook(context: IWebhookFunctions, memory: DeliveryMemory): Promise<IWebhookResponseData> {
	const parameters = readReceiveParameters(context);
	const credential = await context.getCredentials<WebhookCredential>('instagramInsightsWebhookApi');
	const response = context.getResponseObject() as WebhookResponse;
	if (context.getWebhookName() === 'setup') return answerSetup(context, parameters, credential, response);

	const reception = receive(context.getRequestObject() as WebhookRequest, parameters, credential);
	if (reception.kind === 'refused') {
		// The reason goes to n8n's log. The sender learns only that the request was refused.
		warn(context, `refused a request: ${reception.reason}`);
		return answerText(response, reception.status, REFUSALS[reception.status]);
	}
	const listening = context.getMode() === 'manual';
	const wanted = reception.events.filter((event) => matchesFilter(event, parameters.filter));
	const fresh = parameters.dropDuplicates && !listening ? withoutRepeats(context, memory, wanted) : wanted;
	if (fresh === 'busy') {
		response.set('Retry-After', '5');
		return answerText(response, 503, 'One of these events is being handed over right now. Send it again.');
	}
	if (fresh.length === 0) return { webhookResponse: { message: 'Received, nothing to do' } };
	return { workflowData: [fresh.map((event) => eventItem(event, parameters))] };
}

function answerSetup(
	context: IWebhookFunctions,
	{ mode }: ReceiveParameters,
	credential: WebhookCredential,
	response: WebhookResponse,
): IWebhookResponseData {
	if (mode === 'relay') return answerText(response, 405, 'This trigger listens to the relay, which sends POST.');
	const query = context.getQueryData() as Readonly<Record<string, unknown>>;
	const answer = answerHandshake(query, readVerifyToken(credential));
	if (!answer.accepted)
		warn(context, `refused a verification of the callback URL: ${HANDSHAKE_REASONS[answer.reason]}`);
	return answerText(response, answer.status, answer.body);
}

function receive(request: WebhookRequest, parameters: ReceiveParameters, credential: WebhookCredential): Reception {
	const { headers, rawBody } = request;
	if (rawBody === undefined) return { kind: 'refused', status: 400, reason: 'it has no body that could be checked' };
	if (parameters.mode === 'relay') {
		const { toleranceSeconds } = parameters;
		const secrets = readRelaySecrets(credential);
		return receiveFromRelay({ body: rawBody, headers, secrets, now: new Date(), toleranceSeconds });
	}
	const signature = headers['x-hub-signature-256'];
	return receiveFromMeta({
		body: rawBody,
		signature: typeof signature === 'string' ? signature : undefined,
		secrets: readAppSecrets(credential),
	});
}

/** The events that were not handed over before. They are remembered once the sender has a success status. */
function withoutRepeats(
	context: IWebhookFunctions,
	memory: DeliveryMemory,
	events: readonly TriggerEvent[],
): readonly TriggerEvent[] | 'busy' {
	const staticData = context.getWorkflowStaticData('node');
	const admission = memory.admit({
		trigger: `${context.getWorkflow().id}:${context.getNode().id}`,
		events,
		stored: readSeenDays(staticData[SEEN]),
		nowMs: Date.now(),
	});
	if (admission.kind === 'busy') return 'busy';
	if (admission.fresh.size > 0) staticData[SEEN] = admission.seen;
	afterAnswer(context.getResponseObject() as WebhookResponse, (accepted) => admission.settle(accepted));
	return events.filter((_, place) => admission.fresh.has(place));
}

function warn(context: IWebhookFunctions, what: string): void {
	context.logger.warn(`${context.getNode().name} ${what}`, { workflowId: context.getWorkflow().id });
}

/** The part of Express's request that is used. */
export type WebhookRequest = {
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** The bytes as they arrived; missing for forms with files. */
	readonly rawBody?: Uint8Array | undefined;
};

/** The part of Express's response that is used. */
export type WebhookResponse = {
	statusCode: number;
	status(code: number): WebhookResponse;
	type(contentType: string): WebhookResponse;
	set(header: string, value: string): WebhookResponse;
	send(body: string): WebhookResponse;
	end(): void;
	once(event: 'finish' | 'close', listener: () => void): unknown;
};

/** Answer with plain text, never HTML, and start nothing. */
export function answerText(response: WebhookResponse, status: number, text: string): IWebhookResponseData {
	response.status(status).type('text/plain').send(text).end();
	return { noWebhookResponse: true };
}

/** Report whether the sender got a success status, once it has an answer or has gone. */
export function afterAnswer(response: WebhookResponse, reported: (accepted: boolean) => void): void {
	let settled = false;
	const settle = (accepted: boolean) => {
		if (settled) return;
		settled = true;
		reported(accepted);
	};
	response.once('finish', () => settle(response.statusCode >= 200 && response.statusCode < 300));
	response.once('close', () => settle(false));
}
