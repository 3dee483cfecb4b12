import type { IWebhookResponseData } from 'n8n-workflow';

/** What is used of Express's request, as n8n hands it on. */
export type WebhookRequest = {
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** The bytes as they came; missing for forms with files. */
	readonly rawBody?: Uint8Array | undefined;
};

/** What is used of Express's response. */
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

/** Tell whether the sender got a good answer, once it has one or is gone. */
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
