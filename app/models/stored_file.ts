/** The folder that holds all files of media. */
export const ROOT = 'media'

/** Where a file of a medium is stored: a folder for each medium, spread so that no folder grows large. */
export function keyOf(folder: string, file: string): string {
  return `${ROOT}/${folder.slice(0, 2)}/${folder}/${file}`
}

/** The folder of the medium that a key belongs to, whether there is one or not. */
export function folderOf(key: string): string {
  return key.split('/')[2] ?? ''
}
