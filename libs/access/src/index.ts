export { checkAccess, type Access } from './access.js';
export { auditedCaller, auditTo, type Audit, type AuditEvent } from './audit.js';
export {
  headerValues,
  type AssertCaller,
  type Authenticator,
  type AuthRequest,
  type VerifyCaller,
} from './authenticator.js';
export type { PluginResponse, PluginRoute } from './plugin-route.js';
export type { RequestContext } from './context.js';
export { gatewayCaller } from './gateway-caller.js';
export { checkOperationAccess, unmetDemands } from './operation-access.js';
