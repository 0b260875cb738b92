#!/usr/bin/env node
'use strict';

const fs = require('fs');
const { OpenAI } = require('openai');
const { models } = require('../tollgateModels.cjs');

const client = new OpenAI();
client.chat.completions.create({ model: models.cheap, messages: [] });
