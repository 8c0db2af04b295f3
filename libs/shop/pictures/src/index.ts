export { pathOfCategory, pathOfProduct, PICTURES, views, type ProductLook, type ViewName } from './path.js';
export { pictureAt } from './picture.js';
export { servePictures } from './serve.js';
