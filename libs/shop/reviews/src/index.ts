export { review, reviews } from './reviews.js';
