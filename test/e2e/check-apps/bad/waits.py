import threading

threading.Event().wait()  # finds: hang

application = None
