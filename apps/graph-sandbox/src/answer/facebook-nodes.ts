import type { AccountTruth } from '../world/account-truth.ts';
import { FACEBOOK_SCOPES } from '../world/token.ts';
import { accountFields } from './account-node.ts';
import type { Call } from './call.ts';
import { answerFields, type Field, onlyFields, readFieldList } from './field-list.ts';
import { GraphRefusal } from './graph-error.ts';
import { cursorPage } from './paging.ts';
import { invalidParameter, unknownPath } from './refusals.ts';

const BUSINESS = { id: '990011223344', name: 'Sandbox business' };

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
	if (id === BUSINESS.id) return businessEdge(call, accounts, edge);
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
				data: mayReadBusiness(call) ? [BUSINESS] : [],
			};
		default:
			throw invalidParameter(`Tried accessing nonexisting field (${edge}) on node type (User)`);
	}
}

function businessEdge(call: Call, accounts: readonly AccountTruth[], edge: string | undefined): unknown {
	const owned = accounts.filter(({ inPortfolio }) => inPortfolio);
	if (edge === 'owned_pages') return pageList(call, owned, `${BUSINESS.id}/owned_pages`);
	if (edge === 'client_pages') return { data: [] };
	if (edge === undefined) return BUSINESS;
	throw unknownPath(edge);
}

function pageNode(call: Call, account: AccountTruth, edge: string | undefined): unknown {
	if (edge === undefined) return pageFields(call, account, readFieldList(call.params.fields ?? 'id,name'));
	// The Page's own insights have other names; this is the answer to a metric of an account.
	if (edge === 'insights') throw invalidParameter('The value must be a valid insights metric');
	throw invalidParameter(`Tried accessing nonexisting field (${edge}) on node type (Page)`);
}

function mayReadBusiness({ token }: Call): boolean {
	return token.scopes.includes('business_management');
}

/** Pages that the token lacks a permission for are left out, not refused. */
function pageList(call: Call, accounts: readonly AccountTruth[], path: string): unknown {
	if (!call.token.scopes.includes('pages_show_list')) return { data: [] };
	const fields = readFieldList(call.params.fields ?? 'access_token,name,id,tasks');
	const pages = accounts
		.filter(({ inPortfolio }) => !inPortfolio || mayReadBusiness(call))
		.map((account) => ({ id: account.pageId, account }));
	const page = cursorPage(call, path, call.params, pages);
	return {
		data: page.items.map(({ account }) => pageFields(call, account, fields)),
		...(page.paging === undefined ? {} : { paging: page.paging }),
	};
}

function pageFields(call: Call, account: AccountTruth, fields: readonly Field[]): Record<string, unknown> {
	const instagram = (field: Field): unknown =>
		accountFields(call, account, field.fields ?? [{ name: 'id', params: {}, fields: null }]);
	return answerFields(call.host, 'Page', fields, {
		id: () => account.pageId,
		name: () => account.name,
		category: () => 'Local business',
		business: ({ fields: wanted }) => {
			if (!mayReadBusiness(call)) throw needsBusinessManagement();
			return account.inPortfolio ? onlyFields([BUSINESS], wanted)[0] : undefined;
		},
		access_token: () => call.world.tokens.pageToken(call.token, account.key).value,
		tasks: () => ['ANALYZE', 'ADVERTISE', 'MESSAGING', 'MODERATE', 'CREATE_CONTENT', 'MANAGE'],
		instagram_business_account: instagram,
		connected_instagram_account: instagram,
	});
}

/** Asked of one Page or of a list, the refusal is of the whole answer. */
function needsBusinessManagement(): GraphRefusal {
	return new GraphRefusal({ code: 200, type: 'OAuthException', message: 'Requires business_management permission' });
}
