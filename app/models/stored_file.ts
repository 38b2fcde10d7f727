/** The folder that holds all files of media. */
export const ROOT = 'media'

/** Where the files of a medium are stored: a folder for each medium, spread so that no folder grows large. */
export function placeOf(folder: string): string {
  return `${ROOT}/${folder.slice(0, 2)}/${folder}`
}

export function keyOf(folder: string, file: string): string {
  return `${placeOf(folder)}/${file}`
}

/** The folder of the medium that a key belongs to, whether there is one or not. */
export function folderOf(key: string): string {
  return key.split('/')[2] ?? ''
}
