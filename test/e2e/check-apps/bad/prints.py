print("loading the shop")  # finds: stdout cgi restricted
