export { defineConfig, type Access, type Examples, type NamedMiddleware, type OpenApiConfig } from './define_config.js'
export { documentOf, type Route } from './document.js'
export * from './errors.js'
export { operation, type Failure, type Operation } from './operation.js'
