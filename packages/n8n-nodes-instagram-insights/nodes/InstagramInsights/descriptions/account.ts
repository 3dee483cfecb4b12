import type { INodeProperties } from 'n8n-workflow';

/** Value of the list's first choice. */
export const OWN_ACCOUNT = 'me';
export const OWN_ACCOUNT_NAME = "The token's own account";

/** Which Instagram account: the token's own unless another one is picked. */
export const accountParameter: INodeProperties = {
	displayName: 'Account',
	name: 'account',
	type: 'resourceLocator',
	default: { mode: 'list', value: OWN_ACCOUNT, cachedResultName: OWN_ACCOUNT_NAME },
	description: 'Instagram professional account to read. With Facebook Login, a token may reach several.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose an account',
			typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 17841400000000001',
			hint: 'The professional account ID, which begins with 1784',
			validation: [
				{ type: 'regex', properties: { regex: '(me|[0-9]{5,25})', errorMessage: 'An account ID has digits only' } },
			],
		},
	],
};

/** The id a resource locator holds; undefined for the token's own account. */
export function readAccountId(value: unknown): string | undefined {
	const id = readLocator(value).value;
	return id === '' || id === OWN_ACCOUNT ? undefined : id;
}

/** A resource locator's mode and value as text, whether it came from the panel or as a bare value from an expression. */
export function readLocator(value: unknown): { mode: string; value: string } {
	if (typeof value === 'object' && value !== null) {
		const { mode, value: inner } = value as { mode?: unknown; value?: unknown };
		return { mode: typeof mode === 'string' ? mode : 'id', value: readText(inner) };
	}
	return { mode: 'id', value: readText(value) };
}

function readText(value: unknown): string {
	return value === undefined || value === null ? '' : String(value).trim();
}
