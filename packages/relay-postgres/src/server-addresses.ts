/**
 * The addresses of one PostgreSQL and its standbys: `postgres://user:word@one:5432,two:5432/name` names two servers, of
 * which the relay uses the one that accepts writes.
 *
 * @returns one URL a server, in the order given
 * @throws {TypeError} not such a URL; nothing of it is repeated, since it may hold a password
 */
export function serverAddresses(url: string): readonly string[] {
	const parts = /^(postgres(?:ql)?:\/\/)((?:[^@/?]*@)?)([^/?]*)(\/[^?]*)?(\?.*)?$/.exec(url);
	const [, scheme = '', login = '', hosts = '', database = '', query = ''] = parts ?? [];
	if (hosts === '') throw new TypeError('RELAY_STORE: use postgres://user:password@host:5432/database');
	const parameters = new URLSearchParams(query);
	// libpq's way of saying what the relay does anyway.
	parameters.delete('target_session_attrs');
	const rest = parameters.size > 0 ? `?${parameters}` : '';
	return hosts.split(',').map((host) => {
		const address = `${scheme}${login}${host}${database}${rest}`;
		if (!URL.canParse(address)) throw new TypeError('RELAY_STORE: a host is not usable');
		return address;
	});
}
