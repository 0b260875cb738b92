from tollgate_models import models

llm = ChatOpenAI(model=models.cheap)
