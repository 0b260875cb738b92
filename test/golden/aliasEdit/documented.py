'''Only documentation, no import.'''
from tollgate_models import models

client.messages.create(model=models.cheap, max_tokens=10, messages=[])
