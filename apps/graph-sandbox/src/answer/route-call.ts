import { accountInsights } from './account-insights.ts';
import { accountNode } from './account-node.ts';
import { accountOf, type Call, mayRead, ownerOf } from './call.ts';
import { readFieldList } from './field-list.ts';
import { mediaEdge, othersMediaEdge, storiesEdge } from './media-edge.ts';
import { mediaInsights } from './media-insights.ts';
import { childrenEdge, mediaFields } from './media-node.ts';
import { mediaGone, noPermission, unknownPath, unsupportedPost } from './refusals.ts';

/**
 * Answer a call on an account or a medium of either host.
 *
 * @throws {GraphRefusal}
 */
export function routeCall(call: Call): unknown {
	const [id = '', edge, ...deeper] = call.path;
	if (deeper.length > 0) throw unknownPath(call.path.slice(1).join('/'));
	if (call.method !== 'GET') throw unsupportedPost();
	if (call.token.accounts.some((key) => call.world.account(key).isGone(id))) throw mediaGone(id);
	const media = call.world.mediaById(id);
	if (media !== undefined) {
		const owner = ownerOf(call, media.accountKey, id);
		requirePermission(call, edge);
		const fields = readFieldList(call.params.fields ?? 'id');
		switch (edge) {
			case undefined:
				return mediaFields(call, owner, media, fields);
			case 'insights':
				return mediaInsights(call, owner, media, call.params);
			case 'children':
				return childrenEdge(call, owner, media, fields) ?? { data: [] };
			case 'comments':
				return { data: [] };
			case 'collaborators':
				// Collaborative media are Facebook Login's alone.
				if (call.host === 'graph.facebook.com') return { data: [] };
				throw unknownPath(edge);
			default:
				throw unknownPath(edge);
		}
	}
	const account = accountOf(call, id);
	if (account.refuses) throw noPermission();
	requirePermission(call, edge);
	switch (edge) {
		case undefined:
			return accountNode(call, account);
		case 'insights':
			return accountInsights(call, account, call.params);
		case 'media':
			return mediaEdge(call, account, call.params, null);
		case 'stories':
			return storiesEdge(call, account, call.params, null);
		case 'tags':
			return othersMediaEdge(call, account, 'tags');
		case 'collaborative_media':
			return othersMediaEdge(call, account, 'collaborators');
		case 'live_media':
			return { data: [] };
		case 'content_publishing_limit':
			return { data: [{ quota_usage: 0 }] };
		default:
			throw unknownPath(edge);
	}
}

/** Insights see to their own permissions, which a missing one does not always refuse. */
function requirePermission(call: Call, edge: string | undefined): void {
	if (edge !== 'insights' && !mayRead(call)) throw noPermission();
}
