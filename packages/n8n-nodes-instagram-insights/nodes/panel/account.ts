import type { INodeProperties } from 'n8n-workflow';
import { AUTHENTICATIONS } from '../graph/authentication';
import { wrongSetting } from './wrongSetting';

/** The login that the token comes from. It decides the credential, the host, and a few of the metrics. */
export const authenticationParameter: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: Object.entries(AUTHENTICATIONS).map(([value, { name, description }]) => ({ name, value, description })),
	default: 'instagramLogin',
	description: 'How you sign in to Meta',
	displayOptions: { hide: { resource: ['metric'] } },
};

/** The value of the list's first choice. */
export const OWN_ACCOUNT = 'me';
export const OWN_ACCOUNT_NAME = "The token's own account";
/** The value for every account that the token reaches. */
export const ALL_ACCOUNTS = 'all';

/** Why a post or story cannot be read for all accounts. */
export const ONE_ACCOUNT_ONLY =
	'One post or story belongs to one account. Choose its account instead of "All accounts".';

/** The Instagram account to read: the token's own unless another one is chosen. */
export const accountParameter: INodeProperties = {
	displayName: 'Account',
	name: 'account',
	type: 'resourceLocator',
	default: { mode: 'list', value: OWN_ACCOUNT, cachedResultName: OWN_ACCOUNT_NAME },
	description:
		'The Instagram professional account to read. With Facebook Login a token may reach several: "All accounts" reads all of them in one run, and each row names its account.',
	builderHint: {
		propertyHint:
			'{ __rl: true, mode: "list", value: "me" } is the account of the token. The value "all" reads every account that the token reaches, so you do not need a loop.',
	},
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: OWN_ACCOUNT_NAME,
			typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 17841400000000001',
			hint: 'The professional account ID, which begins with 1784',
			validation: [
				{
					type: 'regex',
					properties: { regex: '\\s*(me|all|[0-9]{5,25})\\s*', errorMessage: 'An account ID has digits only' },
				},
			],
		},
	],
};

/** The same for a trigger, which watches one account. Its list comes from `searchOneAccount`. */
export const oneAccountParameter: INodeProperties = {
	...accountParameter,
	description: 'Instagram professional account to watch. With Facebook Login, a token may reach several.',
	builderHint: {
		propertyHint:
			'{ __rl: true, mode: "list", value: "me" } is the account of the token. A trigger watches one account.',
	},
};

/**
 * The ID in a resource locator; undefined for the token's own account.
 *
 * @throws {InsightsError} `invalid-query`: the ID is empty, for example because an expression returned nothing
 */
export function readAccountId(value: unknown): string | undefined {
	const { mode, value: id } = readLocator(value, 'account');
	if (id === OWN_ACCOUNT || (id === '' && mode === 'list')) return undefined;
	if (id !== '') return id;
	const message = `The ID is empty. Choose "${OWN_ACCOUNT_NAME}" from the list, or enter an ID. If you use an expression, it returned nothing for this item.`;
	throw wrongSetting('account', undefined, message);
}

/**
 * The same for a trigger, which watches one account.
 *
 * @throws {InsightsError} `invalid-query`: all accounts are chosen
 */
export function readOneAccountId(value: unknown): string | undefined {
	const id = readAccountId(value);
	if (id !== ALL_ACCOUNTS) return id;
	throw wrongSetting('account', undefined, 'A trigger watches one account. Choose it instead of "All accounts".');
}

/**
 * A resource locator's mode and value as text, whether it comes from the panel or is a bare value from an expression.
 *
 * @throws {InsightsError} `invalid-query`: the ID came as a number that has lost its last digits
 */
export function readLocator(value: unknown, field: 'account' | 'media'): { mode: string; value: string } {
	if (typeof value === 'object' && value !== null) {
		const { mode, value: inner } = value as { mode?: unknown; value?: unknown };
		return { mode: typeof mode === 'string' ? mode : 'id', value: readText(inner, field) };
	}
	return { mode: 'id', value: readText(value, field) };
}

function readText(value: unknown, field: 'account' | 'media'): string {
	if (typeof value === 'number' && !Number.isSafeInteger(value)) {
		const message =
			'This ID came as a number, and numbers this long lose their last digits. Keep it as text, in Google Sheets by Format > Number > Plain text.';
		throw wrongSetting(field, value, message);
	}
	return value === undefined || value === null ? '' : String(value).trim();
}
