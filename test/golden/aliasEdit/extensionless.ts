import { generateText } from 'ai'
import { openai } from '@ai-sdk/openai'
import { tools } from '../tools'
import { models } from '../tollgateModels'

export const run = () => generateText({ model: openai(models.cheap), tools, prompt: 'Invent a new holiday.' })
