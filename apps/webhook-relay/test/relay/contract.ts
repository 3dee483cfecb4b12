import { describe } from 'vitest';
import type { ContractOptions } from './contract/contract-store.ts';
import { describeDelivering } from './contract/delivering.ts';
import { describeOperating } from './contract/operating.ts';
import { describePassingTime } from './contract/passing-time.ts';
import { describeReceiving } from './contract/receiving.ts';

export type { ContractOptions };

/** The rules of the port (src/relay/store.ts). Every implementation runs this one suite. */
export function describeStoreContract(name: string, options: ContractOptions): void {
	describe(`${name} keeps the contract of AdminStore`, () => {
		describeReceiving(options);
		describeDelivering(options);
		describeOperating(options);
		describePassingTime(options);
	});
}
