from pages import seen
from pages import nothing_of_that_name  # finds: load

application = seen
