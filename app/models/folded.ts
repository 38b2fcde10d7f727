import { skeletonOf } from '#providers/validation/index'

/** The form in which names and e-mails are compared: without regard to case, in any script. */
export function folded(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll('ς', 'σ')
}

/** The same for names that look alike in the letters of different scripts. */
export function foldedSkeleton(name: string): string {
  return folded(skeletonOf(name))
}
