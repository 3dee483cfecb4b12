import type { HostName } from '../world/host.ts';
import { GraphRefusal } from './graph-error.ts';

/**
 * Refusals that several routes share, worded as developers recorded them from the live hosts in 2025 and 2026.
 * Those of one route only stand beside that route.
 */

export function invalidParameter(message: string): GraphRefusal {
	return new GraphRefusal({ code: 100, message });
}

export function notFound(id: string): GraphRefusal {
	return new GraphRefusal({
		code: 100,
		subcode: 33,
		type: 'GraphMethodException',
		plain: true,
		message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
	});
}

/** Facebook reads anything but an id as a name. An unknown id is a missing object on both hosts. */
export function noSuchObject(host: HostName, id: string): GraphRefusal {
	if (host === 'graph.instagram.com' || /^\d+(_\d+)*$/.test(id)) return notFound(id);
	return new GraphRefusal({
		code: 803,
		type: 'OAuthException',
		status: 404,
		message: `Some of the aliases you requested do not exist: ${id}`,
	});
}

/** A medium that has been removed. */
export function mediaGone(id: string): GraphRefusal {
	const message = `The media with ${id} cannot be found`;
	return new GraphRefusal({ code: 24, subcode: 2_207_006, message, userMessage: message });
}

export function noCapability(): GraphRefusal {
	return new GraphRefusal({
		code: 3,
		type: 'OAuthException',
		message: 'Application does not have the capability to make this API call.',
	});
}

export function unsupportedPost(): GraphRefusal {
	return new GraphRefusal({
		code: 100,
		subcode: 33,
		type: 'GraphMethodException',
		plain: true,
		message:
			'Unsupported post request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.',
	});
}

export function unknownPath(path: string): GraphRefusal {
	return new GraphRefusal({
		code: 2500,
		type: 'OAuthException',
		plain: true,
		message: `Unknown path components: /${path}`,
	});
}

export function syntaxError(detail: string): GraphRefusal {
	return new GraphRefusal({ code: 2500, type: 'OAuthException', plain: true, message: `Syntax error "${detail}"` });
}

export function noPermission(): GraphRefusal {
	return new GraphRefusal({ code: 10, message: 'Application does not have permission for this action' });
}

export function mustBeOneOf(parameter: string, values: readonly string[]): GraphRefusal {
	return invalidParameter(`${parameter} must be one of the following values: ${values.join(', ')}`);
}

/** Reading several ids is gone for good, but the answer looks like a server error: a client that repeats every 500 never ends. */
export function idsRetired(): GraphRefusal {
	return new GraphRefusal({
		code: 100,
		status: 500,
		plain: true,
		message: 'The ids query parameter is deprecated in v26.0+',
	});
}

export function reduceData(): GraphRefusal {
	return new GraphRefusal({
		code: 1,
		status: 500,
		type: 'OAuthException',
		plain: true,
		message: "Please reduce the amount of data you're asking for, then retry your request",
	});
}
