import type { StoreDriver } from '@instagram-insights/webhook-relay/admin/admin-store';
import { moveFromCommand } from './move.ts';
import { openPostgresStore } from './postgres-store.ts';

/** What the relay loads when RELAY_STORE names PostgreSQL. */
export const driver: StoreDriver = { open: openPostgresStore, migrate: moveFromCommand };
