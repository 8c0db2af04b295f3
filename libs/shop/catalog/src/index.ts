export {
  basket,
  catalog,
  category,
  image,
  imageSize,
  product,
  productSort,
  rating,
  review,
  type Product,
} from './catalog.js';
