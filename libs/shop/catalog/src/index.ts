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
  type Product,
} from './catalog.js';
