export { findDatabase, resetDatabase, startDatabase, type DatabaseOptions } from './development.js';
export { workspaceRoot } from './home.js';
export type { Database } from './server.js';
export { startTestDatabase, type TestDatabase } from './throwaway.js';
export { watchOver, type Watcher } from './watcher.js';
