"""The network side of launches: the far side of a click, met as a browser would meet it."""
