export {
  basket,
  catalog,
  category,
  image,
  imageSize,
  imageUrl,
  product,
  productId,
  productSort,
  rating,
  type Product,
} from './catalog.js';
