import type { INodeProperties } from 'n8n-workflow';

/** The dashboard where every value of a Meta app is found. */
export const DASHBOARD = '<a href="https://developers.facebook.com/apps/" target="_blank">App Dashboard</a>';

/** Where to find the values, in view without hovering. n8n's notices show `a`, `ul` and `li`, and drop all other tags. */
export function notice(
	name: string,
	lines: readonly string[],
	displayOptions?: INodeProperties['displayOptions'],
): INodeProperties {
	const displayName = `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
	return { displayName, name, type: 'notice', default: '', ...(displayOptions && { displayOptions }) };
}

/**
 * The address to call, behind a switch: only a proxy or a test server needs another one.
 *
 * n8n drops the values of fields that do not show. The hidden twin keeps an address that is stored without the switch,
 * such as one written through n8n's API, and the notice says that it is in use.
 */
export function baseUrlParameters(meta: string): INodeProperties[] {
	const field = { displayName: 'Base URL', name: 'baseUrl', default: meta } as const;
	return [
		{
			displayName: 'Use a Different Base URL',
			name: 'changesBaseUrl',
			type: 'boolean',
			default: false,
			description: 'Whether to send requests to a proxy or a test server instead of Meta',
		},
		{
			...notice('baseUrlNotice', [
				'This credential does not call Meta directly. To see or change the address, turn on "Use a Different Base URL".',
			]),
			displayOptions: { show: { changesBaseUrl: [false] }, hide: { baseUrl: ['', meta] } },
		},
		{
			...field,
			type: 'string',
			placeholder: `e.g. ${meta}`,
			description: `Address to send requests to. Meta's own address is ${meta}.`,
			displayOptions: { show: { changesBaseUrl: [true] } },
		},
		{ ...field, type: 'hidden', displayOptions: { show: { changesBaseUrl: [false] } } },
	];
}

/** The address of a stored credential, as it was pasted or left empty, without a slash at the end. */
export function addressOf({ baseUrl }: { readonly baseUrl?: unknown }, meta: string): string {
	const text = typeof baseUrl === 'string' ? baseUrl.trim().replace(/\/+$/, '') : '';
	return text === '' ? meta : text;
}

/** The same as an expression, for the tests of credentials. */
export function addressExpression(meta: string): string {
	return `={{ ($credentials.baseUrl || "").trim() || "${meta}" }}`;
}
