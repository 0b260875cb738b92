import { models } from '../tollgateModels.js'

const reply = await fetch(url, { body: JSON.stringify({ model: models.cheap, messages: [] }) })
