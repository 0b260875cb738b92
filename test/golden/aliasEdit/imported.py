from openai import OpenAI
from tollgate_models import models as m

OpenAI().responses.create(model=m.cheap, input="Tell me a story about a toll gate.")
