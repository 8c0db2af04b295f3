export {
  basket,
  catalog,
  category,
  image,
  imageSize,
  product,
  productId,
  productSort,
  rating,
  review,
  type Product,
} from './catalog.js';
