from . import prompts
from .client import client
from .tollgate_models import models

client.chat.completions.create(model=models.cheap, messages=prompts.FIRST)
