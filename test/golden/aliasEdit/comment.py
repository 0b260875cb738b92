# Licensed under something.
# Second line.

from tollgate_models import models

# About the client.
client = openai.OpenAI()
client.chat.completions.create(model=models.cheap, messages=[])  # "gpt-4o" here is a remark
