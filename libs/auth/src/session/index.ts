export { sessionVariables, webSessionOptions, type SessionConfig } from './config.js';
export { sessionRoutes, type SessionRoutesOptions } from './plugin.js';
export { sessionSignIn, type WebSignIn, type WebSignInOptions } from './sign-in.js';
export { createWebSessions, type WebSessions, type WebSessionsOptions } from './web-sessions.js';
