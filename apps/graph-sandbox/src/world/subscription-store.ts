/** The callback one app has set for one object; Meta keeps one for each pair. */
export type AppSubscription = {
	readonly object: string;
	readonly callbackUrl: string;
	readonly fields: readonly string[];
	readonly verifyToken: string;
};

/** What is subscribed: the app's callback by object, and the fields of each account by app. */
export type SubscriptionStore = {
	setApp(appId: string, subscription: AppSubscription): void;
	removeApp(appId: string, object: string | null): void;
	ofApp(appId: string): readonly AppSubscription[];
	setAccount(appId: string, accountKey: string, fields: readonly string[]): void;
	removeAccount(appId: string, accountKey: string): void;
	ofAccount(appId: string, accountKey: string): readonly string[] | null;
};

export function createSubscriptionStore(): SubscriptionStore {
	const apps = new Map<string, Map<string, AppSubscription>>();
	const accounts = new Map<string, readonly string[]>();
	return {
		setApp(appId, subscription) {
			const objects = apps.get(appId) ?? new Map<string, AppSubscription>();
			objects.set(subscription.object, subscription);
			apps.set(appId, objects);
		},
		removeApp(appId, object) {
			if (object === null) apps.delete(appId);
			else apps.get(appId)?.delete(object);
		},
		ofApp: (appId) => [...(apps.get(appId)?.values() ?? [])],
		setAccount: (appId, accountKey, fields) => void accounts.set(`${appId}|${accountKey}`, fields),
		removeAccount: (appId, accountKey) => void accounts.delete(`${appId}|${accountKey}`),
		ofAccount: (appId, accountKey) => accounts.get(`${appId}|${accountKey}`) ?? null,
	};
}
