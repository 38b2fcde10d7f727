export { entityTag, expectedVersions, isKnown, versionOf, type Versioned } from './entity_tag.js'
export { E_PRECONDITION_FAILED } from './errors.js'
export { withVersion } from './versioned.js'
