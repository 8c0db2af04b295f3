export { recommendation, recommendations } from './recommendations.js';
