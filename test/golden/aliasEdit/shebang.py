#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Answers questions."""

from __future__ import annotations

import os
from openai import (
    OpenAI,
    AsyncOpenAI,
)
from tollgate_models import models

client = OpenAI()


def ask(question: str, model: str = models.cheap) -> str:
    return client.chat.completions.create(model=model or models.cheap, messages=[{"role": "user", "content": question}])
