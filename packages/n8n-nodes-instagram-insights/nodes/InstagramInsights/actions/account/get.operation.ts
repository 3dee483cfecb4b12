import { HOSTS } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { fieldsOptions, optionsParameter, readFields } from '../../../panel/options';
import { withReasons } from '../../../rows/columns';
import { scalar } from '../../../rows/mediaRows';
import { outputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';

const USUAL_FIELDS: readonly string[] = [
	'name',
	'biography',
	'website',
	'profile_picture_url',
	'followers_count',
	'follows_count',
	'media_count',
];

/** Fields that name the account. Every row begins with them. */
const NAMING: readonly string[] = ['id', 'user_id', 'username'];

/** The profile of an account. */
export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description:
		'Retrieve the current profile of an account: username, biography, and the number of followers, follows and posts',
	builderHint: 'Use for the profile and the number of followers today. For new followers over days, use getInsights.',
	fields: [accountParameter, ...outputParameters, optionsParameter(fieldsOptions('account'))],
	async *run(item) {
		const isInstagram = HOSTS[item.host].loginType === 'instagram';
		const chosen = readFields(item.options.fields);
		const client = await item.client();
		if (!item.simplify) {
			yield { ...(await client.profile({ fields: chosen, signal: item.signal })) } as IDataObject;
			return;
		}
		const fields = chosen ?? [...USUAL_FIELDS, ...(isInstagram ? ['account_type'] : [])];
		// Ask for the names of the account too, so that they need no request of their own.
		const along = ['username', ...(isInstagram ? ['user_id'] : [])];
		const profile = await client.profile({ fields: [...new Set([...along, ...fields])], signal: item.signal });
		const shown = fields.filter((name) => !NAMING.includes(name));
		yield withReasons(Object.fromEntries(shown.map((name) => [name, scalar(profile[name])])), []);
	},
};
