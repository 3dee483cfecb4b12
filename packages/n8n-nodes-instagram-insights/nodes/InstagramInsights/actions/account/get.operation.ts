import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../descriptions/account';
import { fieldsOptions, readFields } from '../../descriptions/fields';
import { optionsParameter } from '../../descriptions/options';
import type { Operation } from '../operation';

/** The profile of an account. It has too few fields to simplify. */
export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description:
		'Retrieve the profile of an account as it is now: user name, biography, number of followers, follows and posts',
	fields: [accountParameter, optionsParameter(fieldsOptions('account'))],
	async *run(item) {
		const client = await item.client();
		const fields = readFields(item.options.fields);
		const profile = await client.profile({ ...(fields === undefined ? {} : { fields }), signal: item.signal });
		yield { ...profile } as IDataObject;
	},
};
