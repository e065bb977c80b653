"""Programs from outside that judge what sitegen makes: a validator, a link checker, a web server."""
