import openai
from tollgate_models import models as tollgate_models

# compares models
for models in (["gpt-4o"],):
    openai.chat.completions.create(model=tollgate_models.cheap, messages=[])
