import { HOSTS, type Host, hostOfToken } from '@instagram-insights/core/internal';
import { AUTHENTICATIONS } from './authentication';

export type WrongLogin = { readonly message: string; readonly advice: string };

/**
 * What to say when a token begins like those of the other login; null when nothing speaks against it. Meta would answer
 * that it cannot parse the token, which looks like an expired one.
 */
export function wrongLogin(token: string, host: Host): WrongLogin | null {
	const other = hostOfToken(token);
	if (other === undefined || other === host) return null;
	const beginning = HOSTS[other].tokenPrefixes.find((prefix) => token.startsWith(prefix));
	const [theirs, ours] = [HOSTS[other].shortTitle, HOSTS[host].shortTitle];
	const right = Object.values(AUTHENTICATIONS).find((row) => row.host === other);
	return {
		message: `The token in the credential begins with ${beginning}: it is one of ${theirs}, not of ${ours}`,
		advice: `Put the token into a credential of the type "${right?.credentialName}" and choose that one; where the panel shows Authentication, choose "${right?.name}" there. Or paste a token of ${ours} into this credential. The token itself may be fine.`,
	};
}
