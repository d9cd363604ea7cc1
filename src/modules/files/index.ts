/**
 * Files: bytes under their hash, and pictures made from what was uploaded.
 *
 * A picture is always encoded anew, so that nothing of the camera, the place or the phone it came from is left in it.
 */
export { findPublicFile, storeFile } from './files.ts'
export { storeImage } from './images.ts'
