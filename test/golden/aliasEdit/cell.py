%load_ext dotenv
!pip install openai
from openai import OpenAI
from tollgate_models import models
OpenAI().chat.completions.create(model=models.cheap, messages=[])
