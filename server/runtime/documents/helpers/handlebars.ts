import Handlebars from 'handlebars'

/** The library by one name, so that nothing registers on its global instance. */
export const { Utils, SafeString } = Handlebars
export const createHandlebars = (): typeof Handlebars => Handlebars.create()
export type HandlebarsInstance = typeof Handlebars
export type HelperOptions = Handlebars.HelperOptions
