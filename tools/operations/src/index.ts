export { hasBalancer, startBalancer, type Balancer, type Behind } from './balancer.js';
