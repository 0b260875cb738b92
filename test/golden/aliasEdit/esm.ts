import OpenAI from "openai";
import { readFile } from "node:fs/promises"; // for prompts
import { log } from "./log.js";
import { models } from "../tollgateModels.js";

const client = new OpenAI();
await client.chat.completions.create({ model: models.cheap, messages: [] });
const fallback = process.env.MODEL ?? models.cheap;
