import type { AccountTruth } from '../world/account-truth.ts';
import { FACEBOOK_SCOPES } from '../world/token.ts';
import { accountFields } from './account-node.ts';
import type { Call } from './call.ts';
import { answerFields, type Field, readFieldList } from './field-list.ts';
import { cursorPage } from './paging.ts';
import { invalidParameter, unknownPath } from './refusals.ts';

const BUSINESS_ID = '990011223344';

/**
 * What lies above an Instagram account on the Facebook host: the person, their Pages, their business.
 *
 * @returns `undefined` when the path is none of these
 * @throws {GraphRefusal}
 */
export function facebookNode(call: Call): unknown {
	const [id = '', edge] = call.path;
	const accounts = call.token.accounts.map((key) => call.world.account(key));
	if (id === 'me') {
		const page = call.token.kind === 'page' ? accounts[0] : undefined;
		return page === undefined ? userNode(call, accounts, edge) : pageNode(call, page, edge);
	}
	if (id === BUSINESS_ID) return businessEdge(call, accounts, edge);
	const page = accounts.find((account) => account.pageId === id);
	return page === undefined ? undefined : pageNode(call, page, edge);
}

function userNode(call: Call, accounts: readonly AccountTruth[], edge: string | undefined): unknown {
	switch (edge) {
		case undefined:
			return answerFields(call.host, 'User', readFieldList(call.params.fields ?? 'id,name'), {
				id: () => accounts[0]?.facebookUserId ?? '0',
				name: () => 'Sandbox Person',
			});
		case 'accounts':
			return pageList(call, accounts, 'me/accounts');
		case 'permissions':
			return {
				data: FACEBOOK_SCOPES.map((permission) => ({
					permission,
					status: call.token.scopes.includes(permission) ? 'granted' : 'declined',
				})),
			};
		case 'businesses':
			return {
				data: call.token.scopes.includes('business_management') ? [{ id: BUSINESS_ID, name: 'Sandbox business' }] : [],
			};
		default:
			throw invalidParameter(`Tried accessing nonexisting field (${edge}) on node type (User)`);
	}
}

function businessEdge(call: Call, accounts: readonly AccountTruth[], edge: string | undefined): unknown {
	if (edge === 'owned_pages') return pageList(call, accounts, `${BUSINESS_ID}/owned_pages`);
	if (edge === 'client_pages') return { data: [] };
	if (edge === undefined) return { id: BUSINESS_ID, name: 'Sandbox business' };
	throw unknownPath(edge);
}

function pageNode(call: Call, account: AccountTruth, edge: string | undefined): unknown {
	if (edge === undefined) return pageFields(call, account, readFieldList(call.params.fields ?? 'id,name'));
	// The Page's own insights, whose names are others: what asking it for the account's metrics ends in.
	if (edge === 'insights') throw invalidParameter('The value must be a valid insights metric');
	throw invalidParameter(`Tried accessing nonexisting field (${edge}) on node type (Page)`);
}

/** Without the permission the list is empty, not refused. */
function pageList(call: Call, accounts: readonly AccountTruth[], path: string): unknown {
	if (!call.token.scopes.includes('pages_show_list')) return { data: [] };
	const fields = readFieldList(call.params.fields ?? 'access_token,name,id,tasks');
	const pages = accounts.map((account) => ({ id: account.pageId, account }));
	const page = cursorPage(call, path, call.params, pages);
	return {
		data: page.items.map(({ account }) => pageFields(call, account, fields)),
		...(page.paging === undefined ? {} : { paging: page.paging }),
	};
}

function pageFields(call: Call, account: AccountTruth, fields: readonly Field[]): Record<string, unknown> {
	const instagram = (field: Field): unknown =>
		accountFields(call, account, field.fields ?? [{ name: 'id', key: 'id', params: {}, fields: null }]);
	return answerFields(call.host, 'Page', fields, {
		id: () => account.pageId,
		name: () => account.name,
		category: () => 'Local business',
		access_token: () => call.world.tokens.pageToken(call.token, account.key).value,
		tasks: () => ['ANALYZE', 'ADVERTISE', 'MESSAGING', 'MODERATE', 'CREATE_CONTENT', 'MANAGE'],
		instagram_business_account: instagram,
		connected_instagram_account: instagram,
	});
}
