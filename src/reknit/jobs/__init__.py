"""The handlers that the queue runs: each is named once here and calls one function below."""
